import { balancesItself, clientArgs, headless, kindOf, meshOf, mode, target } from './facts.ts'
import { type RuleChecks, when } from './rule-check.ts'

/** What runs, and whom a client calls. */
export const targetRules = {
  'mode-args': ({ mode, args, command }) =>
    when(['server', 'lookaside'].includes(mode) && args?.includes('-h') && !command?.length, { mode }),

  'client-target': (values) => {
    const told = target(values) || clientArgs(values).args.includes('-h') || values.command?.length
    return when(mode(values) === 'client' && !told && !values.client.envoySidecar.enabled)
  },

  // Arguments of a program of the user's own mean what that program takes them for.
  'client-target-twice': (values) => {
    if (!target(values)) return []
    const ownProgram = mode(values) === 'server' && values.command?.length
    if (values.args?.includes('-h') && !ownProgram) return [{ args: 'args' }]
    const { path, args } = clientArgs(values)
    return when(kindOf(values, 'client') && args.includes('-h'), { args: path })
  },

  'client-target-server': (values) => when(target(values) && !kindOf(values, 'client')),

  'client-target-service': (values) => {
    if (mode(values) !== 'server' || !kindOf(values, 'client') || values.service.enabled) return []
    const told = target(values) || clientArgs(values).args.includes('-h') || values.client.envoySidecar.enabled
    const watched = values.client.resolver !== 'dns' && headless(values)
    return when(!told && !watched && !balancesItself(values, 'client'))
  },

  // Of a target that is a template only the text is looked at: what it renders is for Helm to know.
  'client-headless': (values) => {
    if (!kindOf(values, 'client') || !meshOf(values, 'client') || values.client.envoySidecar.enabled) return []
    const { path, args } = clientArgs(values)
    const at = args.lastIndexOf('-h')
    const dialled = at < 0 ? target(values) : String(args[at + 1] ?? '')
    const suffix = values.headless.nameSuffix
    const isHeadless = new RegExp(`(^|[/:])[a-z0-9-]+${suffix}([.:/]|$)`).test(dialled)
    return when(isHeadless, { path: at < 0 ? 'client.target' : path, suffix })
  },
} satisfies RuleChecks
