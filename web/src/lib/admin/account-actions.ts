import { adminAccountEndpoints, ProductError, type ManagedAccount } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

/** What an administrator can do with an account. */
export const ACCOUNT_ACTIONS = {
  approve: adminAccountEndpoints.approve,
  disable: adminAccountEndpoints.disable,
  enable: adminAccountEndpoints.enable,
  resetSecondFactor: adminAccountEndpoints.resetSecondFactor,
} as const;
export type AccountAction = keyof typeof ACCOUNT_ACTIONS;

interface ActionWords {
  readonly button: string;
  readonly title: string;
  readonly text: (name: string) => string;
  readonly done: string;
}

/** The words of an action: its button, the question before it, and what is told after it. */
export function wordsOf(action: AccountAction): ActionWords {
  switch (action) {
    case 'approve':
      return {
        button: m['people.approve'](),
        title: m['people.approveTitle'](),
        text: (name) => m['people.approveText']({ name }),
        done: m['people.approved'](),
      };
    case 'disable':
      return {
        button: m['people.disable'](),
        title: m['people.disableTitle'](),
        text: (name) => m['people.disableText']({ name }),
        done: m['people.disabled'](),
      };
    case 'enable':
      return {
        button: m['people.enable'](),
        title: m['people.enableTitle'](),
        text: (name) => m['people.enableText']({ name }),
        done: m['people.enabled'](),
      };
    case 'resetSecondFactor':
      return {
        button: m['people.resetStep'](),
        title: m['people.resetStepTitle'](),
        text: (name) => m['people.resetStepText']({ name }),
        done: m['people.resetStepDone'](),
      };
  }
}

/** What can be done with somebody else's account as it is now. */
export function actionsOf({ status, secondFactor }: ManagedAccount): readonly AccountAction[] {
  if (status === 'disabled') return ['enable'];
  return [
    ...(status === 'pending' ? (['approve'] as const) : []),
    ...(secondFactor ? (['resetSecondFactor'] as const) : []),
    'disable',
  ];
}

/** Whether the account can be given another role: not before its address is confirmed, nor while it is disabled. */
export const mayHaveOtherRole = ({ status }: ManagedAccount): boolean => status === 'active' || status === 'pending';

/** What an administrator is told when an account is not what the list says any more. */
export function refusalWords(error: unknown): string | undefined {
  if (!(error instanceof ProductError)) return undefined;
  if (error.code === 'conflict') return m['people.conflict']();
  return error.code === 'not_found' ? m['people.gone']() : undefined;
}
