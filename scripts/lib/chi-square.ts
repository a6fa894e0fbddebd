/**
 * Upper tail of the chi-square distribution: the chance that a chi-square variable exceeds `x`.
 *
 * @param x a value, no unit; 0 or less gives 1, infinity gives 0
 * @param degreesOfFreedom positive, whole or not (moment matching needs fractions)
 * @returns a probability in [0, 1], relative error below 1e-10 where it is above 1e-300
 * @throws RangeError when degreesOfFreedom is not positive or x is NaN: a defect of the caller
 */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0) || Number.isNaN(x)) {
    throw new RangeError(`chi-square of ${x} with ${degreesOfFreedom} degrees of freedom`)
  }
  return gammaSurvival(x / 2, degreesOfFreedom / 2)
}

/**
 * The chi-square value that is exceeded with probability `alpha`: 13.816 for alpha 0.001 and 2 degrees of freedom.
 *
 * @param alpha a probability in (0, 1)
 * @param degreesOfFreedom positive
 * @throws RangeError when alpha lies outside (0, 1)
 */
export function chiSquareCritical(alpha: number, degreesOfFreedom: number): number {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha ${alpha} lies outside (0, 1)`)
  const key = `${alpha}|${degreesOfFreedom}`
  const known = criticalValues.get(key)
  if (known !== undefined) return known
  let low = 0
  let high = degreesOfFreedom + 1
  while (chiSquareSurvival(high, degreesOfFreedom) > alpha) high *= 2
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (chiSquareSurvival(middle, degreesOfFreedom) > alpha) low = middle
    else high = middle
  }
  const critical = (low + high) / 2
  if (criticalValues.size >= 100) criticalValues.clear()
  criticalValues.set(key, critical)
  return critical
}

/** Found by bisection, so worth keeping: a live page asks for the same one all the time. */
const criticalValues = new Map<string, number>()

/**
 * Upper tail of the gamma distribution with scale 1: the regularised incomplete gamma function Q(shape, x), by the power
 * series of P below the mean and Lentz's continued fraction above it (Abramowitz and Stegun 6.5.29 and 6.5.31).
 *
 * @param x a value, no unit; 0 or less gives 1, infinity gives 0
 * @param shape positive
 */
export function gammaSurvival(x: number, shape: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  const scale = Math.exp(shape * Math.log(x) - x - logGamma(shape))
  if (x < shape + 1) return clampProbability(1 - scale * lowerSeries(x, shape))
  return clampProbability(scale * upperFraction(x, shape))
}

const precision = 1e-15

function lowerSeries(x: number, shape: number): number {
  let term = 1 / shape
  let sum = term
  for (let n = 1; term > sum * precision; n++) {
    term *= x / (shape + n)
    sum += term
  }
  return sum
}

function upperFraction(x: number, shape: number): number {
  let b = x + 1 - shape
  let c = Infinity
  let d = 1 / b
  let fraction = d
  for (let n = 1; ; n++) {
    const a = n * (shape - n)
    b += 2
    d = 1 / (a * d + b)
    c = b + a / c
    const step = c * d
    fraction *= step
    if (Math.abs(step - 1) < precision || n > 100_000) return fraction
  }
}

/** Lanczos' approximation with g = 7 and 9 terms (Godfrey's coefficients), for arguments from 0.5 up by itself. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  let sum = 0.99999999999980993
  for (let i = 0; i < lanczos.length; i++) sum += (lanczos[i] as number) / (x + i)
  const t = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

const clampProbability = (p: number): number => Math.min(1, Math.max(0, p))
