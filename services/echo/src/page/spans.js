/** @import { Span } from './card.js' */

/** The times that bars may be of, by the value of the choice. @type {Readonly<Record<string, Span>>} */
export const spans = {
  10: { name: 'last 10 seconds', countsOf: (_shown, seconds) => seconds.last(10) },
  60: { name: 'last minute', countsOf: ({ lastMinutes }) => lastMinutes[1].counts },
  300: { name: 'last 5 minutes', countsOf: ({ lastMinutes }) => lastMinutes[5].counts },
  900: { name: 'last 15 minutes', countsOf: ({ lastMinutes }) => lastMinutes[15].counts },
}
