#!/usr/bin/env node
// Starts the command line on a Node that runs TypeScript itself (22.18 or newer): the one that started this file,
// or the one that `npm ci` brought along. Plain JavaScript, because an old Node must be able to read it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../scripts/evenly.ts', import.meta.url))
const bundledNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))

if (process.features.typescript) {
  if (cli.includes('node_modules')) await import('./strip-types.js')
  await import(cli)
} else if (existsSync(bundledNode)) {
  const child = spawn(bundledNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
} else {
  console.error(
    `evenly: Node ${process.versions.node} cannot run TypeScript: install Node 22.18 or newer, or run npm ci.`,
  )
  process.exitCode = 69
}
