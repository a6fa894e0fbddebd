import type { Printed } from './printed.ts'

const webhook =
  'Internal error occurred: failed calling webhook "dead.evenly.example": failed to call webhook: Post "https://dead.shop.svc:8080/?timeout=3s": no endpoints available for service "dead"'
const schema = (where: string, what: string) =>
  `Error: UPGRADE FAILED: values don't meet the specifications of the schema(s) in the following chart(s):\necho:\n- at '${where}': ${what}\n\n`
const hooked =
  'webhook dead.evenly.example of the cluster does not work (Post "https://dead.shop.svc:8080/?timeout=3s": no endpoints available for service "dead"): mend what serves it, or remove it, then try again'
const removed = 'namespace shop was deleted by somebody else while it was in use: try again, and leave it alone'

/** What the cluster, or the chart, refuses. */
export const refusals: readonly Printed[] = [
  {
    when: 'kubectl meets a webhook that is dead',
    printed: `error: failed to create configmap: ${webhook}\n`,
    sentence: hooked,
  },
  {
    when: 'Helm meets a webhook that is dead',
    printed: `Release "z" does not exist. Installing it now.\nError: server-side apply failed for object shop/z-echo-headless /v1, Kind=Service: ${webhook}\nserver-side apply failed for object shop/z-echo /v1, Kind=Service: ${webhook}\n`,
    sentence: hooked,
  },
  {
    when: 'Helm installs a kind that the cluster does not know',
    printed:
      'Error: UPGRADE FAILED: resource mapping not found for name: "x" namespace: "" from "": no matches for kind "MadeUpRule" in version "networking.made-up.io/v1"\nensure CRDs are installed first\n',
    sentence: 'the cluster knows no MadeUpRule (networking.made-up.io/v1): install what brings it, then try again',
  },
  {
    when: 'Helm finds the namespace gone',
    printed: 'Error: create: failed to create: namespaces "shop" not found\n',
    sentence: removed,
  },
  {
    when: 'kubectl finds the namespace gone',
    printed: 'Error from server (NotFound): namespaces "shop" not found\n',
    sentence: removed,
  },
  {
    when: 'Helm finds the namespace going',
    printed:
      'Error: UPGRADE FAILED: create: failed to create: secrets "sh.helm.release.v1.q.v2" is forbidden: unable to create new content in namespace shop because it is being terminated\n',
    sentence: removed,
  },
  {
    when: 'there is a quota',
    printed:
      'Error: server-side apply failed for object shop/q-echo /v1, Kind=Service: services "q-echo" is forbidden: exceeded quota: q, requested: services=1, used: services=1, limited: services=0\n',
    sentence:
      'the cluster refuses services "q-echo" (exceeded quota: q, requested: services=1, used: services=1, limited: services=0): ask whoever runs it for a larger quota',
  },
  {
    when: 'a value is of the wrong type',
    printed: schema('/replicaCount', 'got string, want integer'),
    sentence: 'the chart does not take replicaCount (got string, want integer): mend --set',
  },
  {
    when: 'a value deeper down is wrong',
    printed: schema('/client/rps', 'minimum: got -1, want 0'),
    sentence: 'the chart does not take client.rps (minimum: got -1, want 0): mend --set',
  },
  {
    when: 'there is no such value',
    printed: schema('', "additional properties 'nope' not allowed"),
    sentence: "the chart does not take the values (additional properties 'nope' not allowed): mend --set",
  },
  {
    when: 'the chart has a rule against values',
    printed:
      'Release "y" does not exist. Installing it now.\nError: execution error at (echo/templates/rules/first/validate.yaml:2:4): client.target: a client needs someone to call, and this release has no server; set it to HOST:PORT. [client-target]\n',
    sentence:
      'the chart does not take the values: client.target: a client needs someone to call, and this release has no server; set it to HOST:PORT. [client-target]',
  },
  {
    when: '--set is no KEY=VALUE',
    printed: 'Error: failed parsing --set data: key "a b" has no value\n',
    sentence: '--set cannot be read (key "a b" has no value): write KEY=VALUE, as for helm',
  },
  {
    when: 'the API server refuses an object',
    printed:
      'level=WARN msg="upgrade failed" name=y error="server-side apply failed for object shop/y-echo apps/v1, Kind=Deployment: Deployment.apps \\"y-echo\\" is invalid: spec.template: Invalid value"\nError: UPGRADE FAILED: server-side apply failed for object shop/y-echo apps/v1, Kind=Deployment: Deployment.apps "y-echo" is invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1\n',
    sentence:
      'the cluster refuses Deployment.apps "y-echo" (spec.template.spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1): mend --set, or the scenario\'s values',
  },
]
