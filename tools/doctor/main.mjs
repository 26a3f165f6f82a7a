import { Cache } from '../bootstrap/cache.mjs';
import { messageOf } from '../bootstrap/fail.mjs';
import { cacheDirectory, projectRoot } from '../bootstrap/places.mjs';
import { readSettings } from '../shared/settings.mjs';
import { checks } from './checks.mjs';

/**
 * @typedef {'ok' | 'warning' | 'missing'} Verdict `missing`: the product cannot run without it
 *
 * @typedef {object} Finding
 * @property {Verdict} verdict
 * @property {string} what
 * @property {string} [advice] what to do
 */

const LABEL_WIDTH = 16;
const VERDICT_WIDTH = 'warning'.length;

/**
 * Prints one line for each thing that the product or its tests need. Looks only, installs nothing, and needs neither
 * the npm packages nor a new Node.
 *
 * @returns {Promise<number>} the exit code: 1 when the product could not run
 */
export async function doctor() {
  let settings;
  try {
    settings = readSettings(projectRoot, [], process.env);
  } catch (error) {
    console.log(`missing  settings          ${messageOf(error)}`);

    return 1;
  }

  const context = { root: projectRoot, cache: new Cache(cacheDirectory()), settings };
  let good = true;
  for (const { label, look } of checks) {
    for (const finding of await examine(() => look(context))) {
      good &&= finding.verdict !== 'missing';
      const advice = finding.advice ? ` - ${finding.advice}` : '';
      console.log(`${finding.verdict.padEnd(VERDICT_WIDTH)}  ${label.padEnd(LABEL_WIDTH)}  ${finding.what}${advice}`);
    }
  }

  return good ? 0 : 1;
}

/**
 * A check that throws has found something wrong: a variable that names a program which is not there, for example.
 *
 * @param {() => Promise<Finding[]>} look
 * @returns {Promise<Finding[]>}
 */
async function examine(look) {
  try {
    return await look();
  } catch (error) {
    return [{ verdict: 'missing', what: messageOf(error) }];
  }
}
