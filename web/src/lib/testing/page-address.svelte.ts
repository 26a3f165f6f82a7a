let path = $state('/');

/** The page of the router, in a test that has no router: it is where the test says. */
export const page = {
  get url(): URL {
    return new URL(path, 'https://clinic.org');
  },
};

/** Goes to a path, as Back or a link does. */
export function arriveAt(to: string): void {
  path = to;
}
