/** A value as JSON carries it: fields that are `undefined` are left out, as the contract's schemas demand. */
export function wireForm(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
