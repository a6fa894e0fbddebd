import { type ClientConfig, type EchoConfig, echoCommand, type ServerConfig } from '../../services/echo/src/config.ts'

/** The options that `echo -s ARGS` runs with; every default is the program's own. */
export async function serverConfig(...args: string[]): Promise<ServerConfig> {
  return (await configOf(['-s', ...args])) as ServerConfig
}

/** The options that `echo -h TARGET ARGS` runs with. */
export async function clientConfig(target: string, ...args: string[]): Promise<ClientConfig> {
  return (await configOf(['-h', target, ...args])) as ClientConfig
}

async function configOf(args: readonly string[]): Promise<EchoConfig> {
  let read: EchoConfig | undefined
  const command = echoCommand('0.0.0-test', async (config) => {
    read = config
  })
  await command.parseAsync(args, { from: 'user' })
  return read as EchoConfig
}
