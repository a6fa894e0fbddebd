import { type ChannelOptions, experimental as grpc } from '@grpc/grpc-js'

/**
 * Whether connections made with these options are the same. A resolver's answer comes with options of its own: those that
 * choose between calls, which may be another object in every answer, do not make another connection.
 */
export function isSameForConnections(some: ChannelOptions, others: ChannelOptions): boolean {
  const keys = [...new Set([...Object.keys(some), ...Object.keys(others)])].filter(isForConnections)
  return keys.every((key) => some[key] === others[key])
}

function isForConnections(key: string): boolean {
  return key !== grpc.CHANNEL_ARGS_CONFIG_SELECTOR_KEY && !key.startsWith(grpc.SUBCHANNEL_ARGS_EXCLUDE_KEY_PREFIX)
}
