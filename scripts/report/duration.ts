/** Seconds as people say them: `0.27 s`, `41.2 s`, `12 min 4 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toPrecision(seconds < 10 ? 2 : 3))} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** Milliseconds as people say them: `1.8 ms`, `12.4 ms`, `144 ms`. */
export const milliseconds = (value: number): string => `${Number(value.toPrecision(value < 10 ? 2 : 3))} ms`
