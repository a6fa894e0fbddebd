import { type Printed, unreachable, validating } from './printed.ts'

const noPlugin = `getting credentials: exec: executable gke-gcloud-auth-plugin not found

It looks like you are trying to use a client-go credential plugin that is not installed.

To learn more about this feature, consult the documentation available at:
      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins`
const noUser = 'the server has asked for the client to provide credentials'
const nobody = 'User "system:serviceaccount:shop:nobody" cannot'
const stranger =
  'the cluster of the current context does not take the user for one it knows: log in anew, then try again'
const uninstalled =
  'gke-gcloud-auth-plugin, which is to log in to the cluster of the current context, is not there: install it, then try again'
const may = (what: string) =>
  `system:serviceaccount:shop:nobody may not ${what}: ask whoever runs the cluster for that right`

/** Who one is, and what one may. */
export const rights: readonly Printed[] = [
  {
    when: 'kubectl has a token that has expired',
    printed: 'error: You must be logged in to the server (Unauthorized)\n',
    sentence: stranger,
  },
  { when: 'kubectl create has a token that has expired', printed: validating(noUser), sentence: stranger },
  { when: 'Helm has a token that has expired', printed: unreachable(noUser), sentence: stranger },
  {
    when: 'Helm 3 has a token that has expired',
    printed: `Error: Kubernetes cluster unreachable: ${noUser}\n`,
    sentence: stranger,
  },
  {
    when: 'kubectl has no user and asks for one',
    printed: 'Please enter Username: error: EOF\n',
    sentence: stranger,
  },
  {
    when: 'kubectl lacks the program that logs in',
    printed: `Unable to connect to the server: ${noPlugin}\n`,
    sentence: uninstalled,
  },
  {
    when: 'kubectl create lacks the program that logs in',
    printed: validating(`Get "https://10.243.0.1:6443/openapi/v2?timeout=32s": ${noPlugin}`),
    sentence: uninstalled,
  },
  {
    when: 'Helm lacks the program that logs in',
    printed: unreachable(`Get "https://10.243.0.1:6443/version": ${noPlugin}`),
    sentence: uninstalled,
  },
  {
    when: 'the program that logs in fails',
    printed: 'Unable to connect to the server: getting credentials: exec: executable aws failed with exit code 255\n',
    sentence:
      'aws, which is to log in to the cluster of the current context, failed with exit code 255: run it by hand to see why, then try again',
  },
  {
    when: 'kubectl may not create a namespace',
    printed: `Error from server (Forbidden): error when creating "STDIN": namespaces is forbidden: ${nobody} create resource "namespaces" in API group "" at the cluster scope\n`,
    sentence: may('create namespaces'),
  },
  {
    when: 'kubectl may not list what is in a group',
    printed: `Error from server (Forbidden): gatewayclasses.gateway.networking.k8s.io is forbidden: ${nobody} list resource "gatewayclasses" in API group "gateway.networking.k8s.io" at the cluster scope\n`,
    sentence: may('list gatewayclasses'),
  },
  {
    when: 'Helm may not list secrets in a namespace',
    printed: `Error: query: failed to query with labels: secrets is forbidden: ${nobody} list resource "secrets" in API group "" in the namespace "shop"\n`,
    sentence: may('list secrets in namespace shop'),
  },
  {
    when: 'kubectl may not get a path',
    printed: 'Error from server (Forbidden): forbidden: User "system:anonymous" cannot get path "/apis"\n',
    sentence: 'system:anonymous may not get path /apis: ask whoever runs the cluster for that right',
  },
]
