import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { parseInstant, required } from '@dunlin/kernel'
import { readBook } from './people/book.ts'
import { runSandbox } from './run-sandbox.ts'
import { readPayOptions } from './wechat-pay/read-pay-options.ts'

const USAGE = `sandbox: the pretend outside world for Dunlin, on 127.0.0.1 only
  --seed N            who lives in the world (1)
  --smpp-port N       short message centre, SMPP 3.4 (2775)
  --cmpp-port N       operator’s gateway, CMPP 2.0 and 3.0 (none), with --cmpp-secret
  --smtp-port N       mail server (2525)
  --wecom-port N      WeCom’s API (none)
  --wecom-callback U  where it pushes callbacks, with --wecom-token and --wecom-aes-key
  --wecom-kf IDS      customer-service accounts, joined by commas
  --wechat-pay FILE   WeChat Pay, with the port and keys of a JSON file (none)
  --control-port N    clock and control over HTTP (2580)
  --inbound-mail H:P  the product's inbound mail (127.0.0.1:2526)
  --product URL       the product's API, for payments; key in DUNLIN_SANDBOX_API_KEY
  --book FILE.csv     loans of the people who live here
  --start-at INSTANT  what the clock shows at first (now)
  --rate N            how fast the clock runs (1)
  --no-people         keep messages, nobody reacts`

const PARENT_CHECK_MS = 500
/** Read before anything else: a parent that ends while we start must be missed too. */
const PARENT = process.ppid

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seed: { type: 'string', default: '1' },
    'smpp-port': { type: 'string', default: '2775' },
    'cmpp-port': { type: 'string' },
    'cmpp-secret': { type: 'string', default: 'sandbox' },
    'smtp-port': { type: 'string', default: '2525' },
    'wecom-port': { type: 'string' },
    'wecom-callback': { type: 'string' },
    'wecom-token': { type: 'string', default: '' },
    'wecom-aes-key': { type: 'string', default: '' },
    'wecom-kf': { type: 'string', default: '' },
    'wechat-pay': { type: 'string' },
    'control-port': { type: 'string', default: '2580' },
    'inbound-mail': { type: 'string', default: '127.0.0.1:2526' },
    product: { type: 'string' },
    book: { type: 'string' },
    'start-at': { type: 'string' },
    rate: { type: 'string', default: '1' },
    people: { type: 'boolean', default: true },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(USAGE)
else await main()

async function main(): Promise<void> {
  const [host = '127.0.0.1', mailPort = '2526'] = values['inbound-mail'].split(':')
  const apiKey = process.env.DUNLIN_SANDBOX_API_KEY
  const startAt = values['start-at']
  const sandbox = await runSandbox({
    seed: Number(values.seed),
    smppPort: Number(values['smpp-port']),
    smtpPort: Number(values['smtp-port']),
    controlPort: Number(values['control-port']),
    inbox: { host, port: Number(mailPort) },
    book: values.book === undefined ? [] : await readBook(values.book),
    rate: Number(values.rate),
    hasPeople: values.people,
    onTrouble: (what) => console.error(what),
    ...wecomOf(),
    ...(await wechatPayOf()),
    ...cmppOf(),
    ...(startAt === undefined ? {} : { startAt: required(parseInstant(startAt), '--start-at') }),
    ...(values.product === undefined || apiKey === undefined
      ? {}
      : { product: { url: values.product, apiKey } }),
  })
  const end = (): void => {
    sandbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  process.once('disconnect', end)
  // A world without the product that started it would only hold the ports.
  setInterval(() => process.ppid !== PARENT && end(), PARENT_CHECK_MS).unref()
  // Printed last: whoever reads this line may at once tell us to end.
  const { smsc, mail, wecom, ismg, controlPort } = sandbox
  console.log(
    JSON.stringify({
      smpp: `127.0.0.1:${smsc.port}`,
      smtp: `127.0.0.1:${mail.port}`,
      ...(wecom === null ? {} : { wecom: wecom.url }),
      ...(ismg === null ? {} : { cmpp: `127.0.0.1:${ismg.port}` }),
      control: `http://127.0.0.1:${controlPort}`,
    }),
  )
}

function cmppOf(): Pick<Parameters<typeof runSandbox>[0], 'cmpp'> {
  const port = values['cmpp-port']
  return port === undefined ? {} : { cmpp: { port: Number(port), secret: values['cmpp-secret'] } }
}

/** An installation made before there was one has no such file: then it does not run. */
async function wechatPayOf(): Promise<Pick<Parameters<typeof runSandbox>[0], 'wechatPay'>> {
  const file = values['wechat-pay']
  const text = file === undefined ? null : await readFile(file, 'utf8').catch(() => null)
  return text === null ? {} : { wechatPay: readPayOptions(JSON.parse(text)) }
}

function wecomOf(): Pick<Parameters<typeof runSandbox>[0], 'wecom'> {
  const port = values['wecom-port']
  const url = values['wecom-callback']
  if (port === undefined) return {}
  const keys = { token: values['wecom-token'], encodingAesKey: values['wecom-aes-key'] }
  return {
    wecom: {
      port: Number(port),
      kfAccounts: values['wecom-kf'].split(',').filter((id) => id !== ''),
      ...(url === undefined ? {} : { callback: { url: () => url, ...keys } }),
    },
  }
}
