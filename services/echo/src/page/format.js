const whole = new Intl.NumberFormat('en')

/** 12345 as `12,345`. @param {number} count */
export const number = (count) => whole.format(count)

/** 0.333 as `33.3 %`. @param {number} share */
export const percent = (share) => `${(share * 100).toFixed(1)} %`

/** `1 pod`, `3 pods`. @param {number} count @param {string} word */
export const plural = (count, word) => `${number(count)} ${word}${count === 1 ? '' : 's'}`

/** Calls per second: two digits where there are few. @param {number} perSecond */
export const rate = (perSecond) => `${perSecond < 10 ? Number(perSecond.toFixed(1)) : number(Math.round(perSecond))}/s`

/** 75 as `1 min 15 s`. @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
