import type { Container } from './workload.ts'

/**
 * Whether a container runs a proxy that looks at calls, by the name of its image: Envoy, NGINX, HAProxy and their like. What one
 * is told of a Service says little of how it balances.
 */
export const isProxy = ({ content }: Container): boolean =>
  proxies.test(String(content.image).replace(/[@:][^/]*$/, ''))

const proxies = /(^|[/_-])(envoy|proxyv2|nginx|openresty|haproxy|traefik|kong|caddy|apisix)([/_-]|$)/i
