/** Seconds as people say them: `0.27 s`, `41.2 s`, `12 min 4 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toPrecision(seconds < 10 ? 2 : 3))} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}
