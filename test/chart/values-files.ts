import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './helm.ts'

/** Where values files lie: those for users, a scenario or an example each, and those that switch on all there is. */
export const valuesFolders = ['values', 'test/chart/values'] as const

/** Every values file, as a path from the top of the project. */
export const valuesFiles: readonly string[] = valuesFolders.flatMap((folder) =>
  readdirSync(join(projectRoot, folder))
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => `${folder}/${file}`),
)
