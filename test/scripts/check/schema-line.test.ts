import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot } from '../../chart/helm.ts'
import { valuesFiles } from '../../chart/values-files.ts'

it.each(valuesFiles)('%s tells editors where its schema is, and it is there', (file) => {
  const [line = ''] = readFileSync(join(projectRoot, file), 'utf8').split('\n')
  const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)$/.exec(line) ?? []
  expect(path, line).not.toBe('')
  const schema = join(projectRoot, dirname(file), path)
  expect(existsSync(schema), schema).toBe(true)
  expect(JSON.parse(readFileSync(schema, 'utf8')).properties).toHaveProperty('loadBalancing')
})
