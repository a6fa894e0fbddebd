import { enableCompileCache } from 'node:module'
import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { runCli } from './lib/run-cli.ts'

// What Node makes of the sources is kept in the temporary folder: a second run starts in two thirds of the time.
enableCompileCache()

/** Each verb's own file, and what it needs, is read when it is named: `check` starts no gRPC. Help without a verb reads all. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  verdict: async () => (await import('./commands/verdict.ts')).verdictCommand(),
  check: async () => (await import('./commands/check.ts')).checkCommand(),
  explain: async () => (await import('./commands/explain.ts')).explainCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  run: async () => (await import('./commands/run.ts')).runCommand(),
  matrix: async () => (await import('./commands/matrix.ts')).matrixCommand(),
  scale: async () => (await import('./commands/scale.ts')).scaleCommand(),
  rollout: async () => (await import('./commands/rollout.ts')).rolloutCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  tools: async () => (await import('./commands/tools.ts')).toolsCommand(),
}

const program = new Command('evenly')
  .description('Shows, proves and fixes how gRPC requests spread over Kubernetes pods.')
  .version(packageJson.version)
  .showSuggestionAfterError()
  .addHelpText(
    'after',
    '\nExit codes: 0 as expected, 1 error, 64 usage, 65 bad input, 69 unavailable, 79 verdict not met or mistakes found,\n130 ended by Ctrl-C.',
  )

// Whoever reads the output has had enough, as `| head` has: nobody is left to be told, and what was begun is ended as ever.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const args = process.argv.slice(2)
const named = Object.hasOwn(commands, args[0] ?? '') ? commands[args[0] ?? ''] : undefined
for (const command of named ? [named] : Object.values(commands)) program.addCommand(await command())

await runCli(program, args)
