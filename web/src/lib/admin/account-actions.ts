import { endpoints } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

/** What an administrator can do with an account. */
export const ACCOUNT_ACTIONS = {
  approve: endpoints.adminAccounts.approve,
  disable: endpoints.adminAccounts.disable,
  enable: endpoints.adminAccounts.enable,
  resetSecondFactor: endpoints.adminAccounts.resetSecondFactor,
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
