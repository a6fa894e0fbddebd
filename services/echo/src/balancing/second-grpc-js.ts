import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const entry = /[\\/]@grpc[\\/]grpc-js[\\/]build[\\/]src[\\/]index\.js$/
let said = false

// Importing this looks twice: for copies that are loaded already, and for those that the rest of the program loads as it starts.
warnOfSecondCopy()
setTimeout(warnOfSecondCopy, 1000).unref()

/**
 * Policies and resolvers are known to one copy of grpc-js alone, the one that this package imports: a channel made by another takes
 * pick_first without a word, and cannot resolve k8s:/// targets. npm keeps it to one copy by the package's peerDependencies; other
 * ways to install do not.
 */
function warnOfSecondCopy(): void {
  if (said) return
  const own = require.resolve('@grpc/grpc-js')
  const others = Object.keys(require.cache).filter((file) => entry.test(file) && file !== own)
  if (others.length === 0) return
  said = true
  process.emitWarning(
    `evenly-grpc's policies and k8s:/// are known to ${own} alone, but ${others.join(', ')} is loaded too and would use pick_first: install the one version of @grpc/grpc-js that evenly-grpc has as its peer (npm ls @grpc/grpc-js).`,
    { type: 'EvenlyWarning', code: 'EVENLY_SECOND_GRPC_JS' },
  )
}
