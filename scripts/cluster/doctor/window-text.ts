import type { Traffic } from './traffic.ts'

/** `512 calls in 5 s` */
export const windowText = ({ requests, seconds }: Pick<Traffic, 'requests' | 'seconds'>): string =>
  `${requests} call${requests === 1 ? '' : 's'} in ${seconds} s`
