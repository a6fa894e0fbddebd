import { join } from 'node:path'
import { type Running, runNode } from './echo-command.ts'

/** Starts the echo program of a bundle, which tells of every file of the bundle that it loads. */
export const bundledEcho =
  (folder: () => string) =>
  (args: readonly string[], env: NodeJS.ProcessEnv = {}): Running =>
    runNode(['--import', `data:text/javascript,${encodeURIComponent(watch)}`, join(folder(), 'echo.mjs'), ...args], env)

/** The files that it told of, in order. */
export const loadedFiles = (output: string): string[] =>
  [...output.matchAll(/LOADED (\S+)/g)].map(([, file]) => file as string)

const watch = `import { registerHooks } from 'node:module'
  registerHooks({ load: (url, context, next) => {
    if (url.endsWith('.mjs')) process._rawDebug('LOADED ' + url.split('/').at(-1))
    return next(url, context)
  } })`
