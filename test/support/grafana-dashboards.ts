import type { CustomResourceDefinition } from './custom-resource.ts'
import type { Schema } from './strict-schema.ts'

/**
 * What Grafana's operator (v5) says of a dashboard that lies in a ConfigMap. The operator's own definition is in no Go module
 * that can be had, so this is written from its API reference: the fields that a chart may set, with its patterns and its
 * rules that a selector never changes, and that a folder is named in one way. Source: https://grafana.github.io/grafana-operator/docs/api/
 */
export const grafanaDashboards = (): CustomResourceDefinition => {
  const [group, plural] = ['grafana.integreatly.org', 'grafanadashboards']
  const schema = { openAPIV3Schema: { type: 'object', required: ['spec'], properties: { spec } } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'GrafanaDashboard', plural, singular: 'grafanadashboard' },
      versions: [{ name: 'v1beta1', served: true, storage: true, schema }],
    },
  }
}

const text: Schema = { type: 'string' }
const texts: Schema = { type: 'array', items: text }

const expression: Schema = {
  type: 'object',
  required: ['key', 'operator'],
  properties: { key: text, operator: text, values: texts },
}

const spec: Schema = {
  type: 'object',
  required: ['instanceSelector'],
  properties: {
    instanceSelector: {
      type: 'object',
      properties: {
        matchLabels: { type: 'object', additionalProperties: text },
        matchExpressions: { type: 'array', items: expression },
      },
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'Value is immutable' }],
    },
    allowCrossNamespaceImport: { type: 'boolean' },
    resyncPeriod: { type: 'string', pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$' },
    folder: text,
    folderUID: text,
    folderRef: text,
    configMapRef: {
      type: 'object',
      required: ['key'],
      properties: { name: text, key: text, optional: { type: 'boolean' } },
    },
    json: text,
    url: text,
    uid: { type: 'string', maxLength: 40, pattern: '^[a-zA-Z0-9-_]+$' },
    suspend: { type: 'boolean' },
  },
  'x-kubernetes-validations': [
    {
      rule: '!(has(self.folderUID) && has(self.folderRef))',
      message: 'Only one of folderUID or folderRef can be declared at the same time',
    },
  ],
}
