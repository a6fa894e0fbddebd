import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chart } from './helm.ts'

/** Another chart that has this one in it: once under its own name and twice as an alias, each with a condition. */
export interface ParentChart {
  readonly folder: string
  remove(): Promise<void>
}

/** Makes one in a temporary folder. Its values name the parts, all of them off, and share a `global` of its own. */
export async function makeParentChart(): Promise<ParentChart> {
  const folder = await mkdtemp(join(tmpdir(), 'evenly-parent-'))
  const parts = ['echo', 'orders', 'payments']
  const dependencies = parts.map((part) => ({
    name: 'echo',
    version: '>=0.0.0-0',
    repository: '',
    condition: `${part}.enabled`,
    ...(part !== 'echo' && { alias: part }),
  }))
  const values = {
    global: { storageClass: 'fast', istio: { revision: 'theirs' }, imageRegistry: '', labels: { team: 'shop' } },
    ...Object.fromEntries(parts.map((part) => [part, { enabled: false }])),
  }
  await mkdir(join(folder, 'charts'))
  await cp(chart, join(folder, 'charts/echo'), { recursive: true })
  // JSON is YAML, too.
  const write = (file: string, content: object) => writeFile(join(folder, file), JSON.stringify(content))
  await write('Chart.yaml', { apiVersion: 'v2', name: 'parent', version: '1.0.0', dependencies })
  await write('values.yaml', values)
  return { folder, remove: () => rm(folder, { recursive: true }) }
}
