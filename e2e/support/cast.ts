import type { DemoAccount } from '@health-connect/contract';
import { Person } from './person.ts';
import type { Stack } from './stack.ts';

/** Everybody who takes part in a test, each at a browser of their own; they leave together when it ends. */
export class Cast {
  readonly #people: Person[] = [];

  private constructor() {
    // Made by `create`.
  }

  static create(): Cast {
    return new Cast();
  }

  /** Opens a browser and signs somebody of the demonstration hospital in. */
  async signIn(stack: Stack, role: DemoAccount['role'], index = 0): Promise<Person> {
    return this.#add(await Person.signIn(stack, stack.account(role, index)));
  }

  /** Opens a browser for somebody who is not signed in. */
  async visit(stack: Stack, account: DemoAccount): Promise<Person> {
    return this.#add(await Person.visit(stack, account));
  }

  /** Closes everybody's browser. */
  async leave(): Promise<void> {
    await Promise.all(this.#people.splice(0).map((person) => person.close()));
  }

  #add(person: Person): Person {
    this.#people.push(person);
    return person;
  }
}
