import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Debian packages that parts of the suite are tested against. Where one is absent its tests are skipped and say so. */
const PACKAGES = [
  // The browser of every test that looks at a page, and letters for Chinese in its pictures.
  'chromium',
  'fonts-noto-cjk',
  // Another maker's SMPP.
  'libnet-smpp-perl',
  // A real mail server; it is configured for the test alone and never started by itself.
  'postfix',
  // What a reader of PDF makes of ours.
  'poppler-utils',
  // Speakers and noises that are known, for what is measured of a recording.
  'espeak-ng',
  'sox',
]
/** A real IMAP server. Its packages begin it as a service: they are brought only where no systemd would. */
const SERVICES = ['dovecot-imapd', 'dovecot-lmtpd']
const SYSTEMD = '/run/systemd/system'

const APT = {
  stdio: 'ignore',
  env: { DEBIAN_FRONTEND: 'noninteractive', PATH: '/usr/bin:/usr/sbin:/bin:/sbin' },
} as const

/** Installs what is missing when this is Debian and we are root; otherwise says what to install. */
export function bringSystemPackages(): void {
  const wanted = existsSync(SYSTEMD) ? PACKAGES : [...PACKAGES, ...SERVICES]
  const missing = wanted.filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`
  if (!mayInstall()) {
    console.log(`some tests will be skipped; on Debian bring what they need: ${command}`)
    return
  }
  console.log(command)
  // Without a configuration Debian starts no mail server on this machine.
  const input = 'postfix postfix/main_mailer_type select No configuration\n'
  spawnSync('debconf-set-selections', { ...APT, input, stdio: ['pipe', 'ignore', 'ignore'] })
  spawnSync('apt-get', ['update'], APT)
  spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', ...missing], APT)
}

function isInstalled(name: string): boolean {
  const { stdout } = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' })
  return stdout?.includes('Status: install ok installed') === true
}

function mayInstall(): boolean {
  const release = '/etc/os-release'
  const isDebian =
    existsSync(release) && /^ID(_LIKE)?=.*debian/m.test(readFileSync(release, 'utf8'))
  return isDebian && process.getuid?.() === 0
}
