/** How each tool is recognised, and where its pinned version comes from. Facts only: tools.ts acts on them. */

export type ToolName = 'helm' | 'helm3' | 'helm-unittest' | 'kubeconform' | 'ghz' | 'grpcurl' | 'kubectl'

/** An operating system and a processor, as Node names them. */
export interface Platform {
  readonly os: string
  readonly arch: string
}

/** A published file: `checksums` lists its SHA-256, and `member` is the program in it ('': the file is the program). */
export interface Release {
  readonly url: string
  readonly checksums: string
  readonly member: string
}

export interface Recipe {
  readonly version: string
  /** Names that the program may have on PATH. */
  readonly programs: readonly string[]
  readonly versionArgs: readonly string[]
  /** Whether what the program prints about itself says that it will do. */
  readonly accepts: (output: string) => boolean
  readonly wanted: string
  readonly release: (platform: Platform) => Release | undefined
  /** The package to build, the folder with the go.mod that pins it, and what to write into the program. */
  readonly go?: { readonly module: string; readonly package: string; readonly set?: readonly string[] }
  readonly install: string
}

const goArch: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

/** Linux and macOS on amd64 and arm64: where every tool here publishes a .tar.gz. */
function unix<T>({ os, arch }: Platform, release: (os: 'linux' | 'darwin', arch: string) => T): T | undefined {
  const cpu = goArch[arch]
  return cpu !== undefined && (os === 'linux' || os === 'darwin') ? release(os, cpu) : undefined
}

const github = (repository: string, tag: string): string => `https://github.com/${repository}/releases/download/${tag}`

function helm(version: string, accepts: RegExp, wanted: string, programs: string[], set: string[]): Recipe {
  const major = version.slice(0, 1)
  return {
    version,
    programs,
    versionArgs: ['version', '--template', '{{.Version}}'],
    accepts: (output) => accepts.test(output.trim()),
    wanted,
    release: (platform) =>
      unix(platform, (os, arch) => {
        const url = `https://get.helm.sh/helm-v${version}-${os}-${arch}.tar.gz`
        return { url, checksums: `${url}.sha256sum`, member: `${os}-${arch}/helm` }
      }),
    go: {
      module: '.',
      package: `helm.sh/helm/v${major}/cmd/helm`,
      set: [`helm.sh/helm/v${major}/internal/version.version=v${version}`, ...set],
    },
    install: 'https://helm.sh/docs/intro/install',
  }
}

/** Without these a Helm 3 built from source believes in Kubernetes 1.20 and refuses charts of today. */
const kubernetes = (minor: number): string[] => [
  'helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1',
  `helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=${minor}`,
]

export const recipes: Record<ToolName, Recipe> = {
  helm: helm('4.3.1', /^v4\.\d/, 'Helm 4', ['helm', 'helm4'], []),
  helm3: helm('3.22.0', /^v3\.(1[89]|[2-9]\d)(\.|$)/, 'Helm 3.18 or newer', ['helm3', 'helm'], kubernetes(37)),
  'helm-unittest': {
    version: '1.1.2',
    programs: ['helm-unittest', 'untt'],
    versionArgs: ['--help'],
    accepts: (output) => output.includes('--skip-schema-validation') && output.includes('--strict'),
    wanted: 'helm-unittest 1',
    release: (platform) =>
      unix(platform, (os, arch) => {
        const from = github('helm-unittest/helm-unittest', 'v1.1.2')
        const target = `${os === 'darwin' ? 'macos' : os}-${arch}`
        return {
          url: `${from}/helm-unittest-${target}-1.1.2.tgz`,
          checksums: `${from}/helm-unittest-checksum.sha`,
          member: `untt-${target}`,
        }
      }),
    go: {
      module: 'helm-unittest',
      package: 'github.com/helm-unittest/helm-unittest/cmd/helm-unittest',
      set: kubernetes(34),
    },
    install: 'https://github.com/helm-unittest/helm-unittest',
  },
  kubeconform: {
    version: '0.8.0',
    programs: ['kubeconform'],
    versionArgs: ['-v'],
    accepts: (output) => /^(v0\.[89]|v0\.\d\d|v[1-9]|development)/.test(output.trim()),
    wanted: 'kubeconform 0.8 or newer',
    release: (platform) =>
      unix(platform, (os, arch) => {
        const from = github('yannh/kubeconform', 'v0.8.0')
        return {
          url: `${from}/kubeconform-${os}-${arch}.tar.gz`,
          checksums: `${from}/CHECKSUMS`,
          member: 'kubeconform',
        }
      }),
    go: { module: '.', package: 'github.com/yannh/kubeconform/cmd/kubeconform', set: ['main.version=v0.8.0'] },
    install: 'https://github.com/yannh/kubeconform',
  },
  ghz: {
    version: '0.93.0',
    programs: ['ghz'],
    versionArgs: ['--version'],
    accepts: (output) => /^(v?0\.(9[3-9]|\d{3})|v?[1-9]|dev)/.test(output.trim()),
    wanted: 'ghz 0.93 or newer',
    release: ({ os, arch }) => {
      if (arch !== 'x64' || (os !== 'linux' && os !== 'darwin')) return undefined
      const url = `${github('bojand/ghz', 'v0.93.0')}/ghz-${os}-x86_64.tar.gz`
      return { url, checksums: `${url}.sha256`, member: 'ghz' }
    },
    go: { module: 'ghz', package: 'github.com/bojand/ghz/cmd/ghz', set: ['main.version=v0.93.0'] },
    install: 'https://ghz.sh/docs/install',
  },
  grpcurl: {
    version: '1.9.4',
    programs: ['grpcurl'],
    versionArgs: ['--version'],
    accepts: (output) => output.startsWith('grpcurl '),
    wanted: 'grpcurl',
    release: (platform) =>
      unix(platform, (os, arch) => {
        const from = github('fullstorydev/grpcurl', 'v1.9.4')
        const target = `${os === 'darwin' ? 'osx' : os}_${arch === 'amd64' ? 'x86_64' : arch}`
        return {
          url: `${from}/grpcurl_1.9.4_${target}.tar.gz`,
          checksums: `${from}/grpcurl_1.9.4_checksums.txt`,
          member: 'grpcurl',
        }
      }),
    go: { module: '.', package: 'github.com/fullstorydev/grpcurl/cmd/grpcurl', set: ['main.version=v1.9.4'] },
    install: 'https://github.com/fullstorydev/grpcurl',
  },
  kubectl: {
    version: '1.34.3',
    programs: ['kubectl'],
    versionArgs: ['version', '--client'],
    accepts: (output) => /v1\.(3\d|[4-9]\d)/.test(output),
    wanted: 'kubectl 1.30 or newer',
    release: (platform) =>
      unix(platform, (os, arch) => {
        const url = `https://dl.k8s.io/release/v1.34.3/bin/${os}/${arch}/kubectl`
        return { url, checksums: `${url}.sha256`, member: '' }
      }),
    install: 'https://kubernetes.io/docs/tasks/tools',
  },
}
