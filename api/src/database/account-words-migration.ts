import type { Types } from 'mongoose';
import { accountWords } from '../accounts/account-words.ts';
import type { Connection } from './database.ts';
import { dropFormerIndex } from './former-index.ts';
import type { Migration } from './migration.ts';

interface Named {
  readonly _id: Types.ObjectId;
  readonly name: string;
  readonly email: string;
}

const BATCH = 1000;
const WITHOUT_WORDS = { searchWords: { $exists: false } };
/** Another one begins with the same fields and holds the order of the list, too. */
const FORMER_INDEX = 'role_1_status_1';

/** Without words, an account from before would not be found any more. */
export const ACCOUNT_WORDS_MIGRATION: Migration = {
  summary: 'Accounts are searched by the words of their names and addresses',
  run: async (connection) => {
    await giveWordsToAll(connection);
    await dropFormerIndex(connection, 'accounts', FORMER_INDEX);
  },
};

async function giveWordsToAll(connection: Connection): Promise<void> {
  const projection = { name: 1, email: 1 };
  const without = connection.collection('accounts').find<Named>(WITHOUT_WORDS, { projection }).sort({ _id: 1 });
  let some: Named[] = [];
  for await (const account of without.batchSize(BATCH)) {
    some.push(account);
    if (some.length < BATCH) continue;
    await giveWords(connection, some);
    some = [];
  }
  await giveWords(connection, some);
}

/** Who has got words since they were read keeps them: they may be those of another name. */
export async function giveWords(connection: Connection, accounts: readonly Named[]): Promise<void> {
  if (accounts.length === 0) return;
  const changes = accounts.map(({ _id, name, email }) => {
    const update = { $set: { searchWords: accountWords({ name, email }) } };
    return { updateOne: { filter: { _id, ...WITHOUT_WORDS }, update } };
  });
  await connection.collection('accounts').bulkWrite(changes, { ordered: false });
}
