/** Why an action is not done: one sentence, and the HTTP status that says whose fault it is. */
export interface Refusal extends Error {
  readonly statusCode: number
}

export function refused(statusCode: 400 | 404 | 409, sentence: string): Refusal {
  return Object.assign(new Error(sentence), { statusCode })
}
