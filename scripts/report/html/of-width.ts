/** A fraction of the width in SVG, from 0 to 1, such as `33.333%`. */
export const ofWidth = (fraction: number): string => `${Number((Math.min(1, Math.max(0, fraction)) * 100).toFixed(3))}%`
