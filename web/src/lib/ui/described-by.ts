/** Attributes of a control that tie it to the help and the error that are shown with it. */
export function describedBy(id: string, help: string | undefined, error: string | undefined) {
  const parts = [help === undefined ? [] : [`${id}-help`], error === undefined ? [] : [`${id}-error`]].flat();
  return {
    'aria-describedby': parts.length === 0 ? undefined : parts.join(' '),
    'aria-invalid': error === undefined ? undefined : ('true' as const),
  };
}
