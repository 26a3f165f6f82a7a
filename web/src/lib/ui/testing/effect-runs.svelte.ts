/** Runs something in an effect and counts how often, for tests. */
export function runsOfEffect(act: () => void): () => number {
  let runs = 0;
  $effect.root(() => {
    $effect(() => {
      runs += 1;
      act();
    });
  });
  return () => runs;
}
