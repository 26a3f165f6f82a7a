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
/** Another one begins with the same fields and holds the order of the list, too. */
const FORMER_INDEX = 'role_1_status_1';

/** Without words, an account from before would not be found any more. */
export const ACCOUNT_WORDS_MIGRATION: Migration = {
  summary: 'Accounts are searched by the words of their names and addresses',
  run: async (connection) => {
    await giveWords(connection);
    await dropFormerIndex(connection, 'accounts', FORMER_INDEX);
  },
};

async function giveWords(connection: Connection): Promise<void> {
  const accounts = connection.collection('accounts');
  const without = { searchWords: { $exists: false } };
  for (;;) {
    const some = await accounts.find<Named>(without).project<Named>({ name: 1, email: 1 }).limit(BATCH).toArray();
    if (some.length === 0) return;
    await accounts.bulkWrite(
      some.map(({ _id, name, email }) => ({
        updateOne: { filter: { _id }, update: { $set: { searchWords: accountWords({ name, email }) } } },
      })),
    );
  }
}
