/** What a person got wrong on the command line: told in this one sentence, without a stack. */
export class Mistake extends Error {}
