let loading: Promise<(password: string) => boolean> | undefined;

/**
 * Loads the list of common passwords when it is needed first: it is far bigger than the page that asks for it.
 * Without it (offline) nothing counts as common here; the server looks again.
 */
export function loadCommonPasswords(): Promise<(password: string) => boolean> {
  loading ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => {
      const common = new Set(dictionary['passwords-common']);
      return (password: string) => common.has(password);
    },
    () => {
      loading = undefined;
      return () => false;
    },
  );
  return loading;
}
