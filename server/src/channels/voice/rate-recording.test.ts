import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import wavefile from 'wavefile'
import { frameLevels } from './frame-levels.ts'
import { rateRecording } from './rate-recording.ts'
import { readRecording } from './read-recording.ts'

const folder = mkdtempSync(join(tmpdir(), 'dunlin-recording-'))
const RATE = 8000
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0
const skip =
  has('espeak-ng') && has('sox') ? false : 'skipped: espeak-ng and sox are not on this machine'

/** What a made-up speaker says, at 8 kHz. */
function spoken(text: string, voice: string): Float64Array {
  const file = join(folder, `${voice}-${text.length}.wav`)
  spawnSync('espeak-ng', ['-v', voice, '-w', `${file}.raw.wav`, text])
  spawnSync('sox', [`${file}.raw.wav`, '-r', String(RATE), '-c', '1', '-b', '16', file])
  return mono(file)
}

function noiseOf(kind: string, seconds: number): Float64Array {
  const file = join(folder, `${kind}-${seconds}.wav`)
  const format = ['-r', String(RATE), '-c', '1', '-b', '16']
  spawnSync('sox', ['-R', '-n', ...format, file, 'synth', String(seconds), kind, 'vol', '0.5'])
  return mono(file)
}

function mono(file: string): Float64Array {
  const wave = new wavefile.WaveFile(readFileSync(file))
  wave.toBitDepth('32f')
  return Float64Array.from(wave.getSamples())
}

const power = (samples: Float64Array): number =>
  samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length

/** The mean square of the frames in which the clean speaker speaks. */
function speechPower(clean: Float64Array): number {
  const { powers, isSpeech } = frameLevels(clean, RATE)
  const speech = powers.filter((_, frame) => isSpeech[frame] === true)
  return speech.reduce((sum, each) => sum + each, 0) / speech.length
}

/** Clean speech with two seconds of nothing on either side, and noise at so many decibels below it all over. */
function mixed(
  clean: Float64Array,
  { kind, snrDb }: { kind: string; snrDb: number },
): Float64Array {
  const seconds = Math.ceil(clean.length / RATE) + 4
  const noise = noiseOf(kind, seconds)
  const scale = Math.sqrt(speechPower(clean) / 10 ** (snrDb / 10) / power(noise))
  return noise.map((sample, at) => sample * scale + (clean[at - 2 * RATE] ?? 0))
}

const CHINESE = '您好，这里是示例消费金融，请问您现在方便说话吗？我们想和您确认一下还款的安排。'
const ENGLISH =
  'Hello, yes, I can talk now. I lost my job in May and I would like to pay in smaller parts.'
const still = (length: number): Float64Array => new Float64Array(length)

for (const kind of ['whitenoise', 'pinknoise'] as const) {
  for (const snrDb of [5, 10, 15, 20, 30, 40]) {
    test(`speech over ${kind} at ${snrDb} dB is measured within 2 dB`, { skip }, () => {
      const said = [spoken(CHINESE, 'cmn'), spoken(ENGLISH, 'en')]
      for (const clean of said) {
        const agent = mixed(clean, { kind, snrDb })
        const { agent: side } = rateRecording({ sampleRate: RATE, agent, borrower: agent })
        const off = Math.abs((side.snrDb ?? Number.NaN) - snrDb)
        assert.ok(off <= 2, `${side.snrDb} for ${snrDb}`)
      }
    })
  }
}

test('who speaks, how long nobody does, and both at once come from the sides', { skip }, () => {
  const clean = spoken(ENGLISH, 'en')
  const gap = still(25 * RATE)
  const agent = Float64Array.from([...clean, ...gap, ...still(clean.length), ...clean])
  const borrower = Float64Array.from([...still(clean.length), ...gap, ...clean, ...clean])
  const rated = rateRecording({ sampleRate: RATE, agent, borrower })
  assert.ok(Math.abs((rated.talkRatio ?? 0) - 0.5) < 0.01, `${rated.talkRatio}`)
  assert.ok(rated.longestSilenceSeconds >= 25 && rated.longestSilenceSeconds < 27)
  const both = rated.agent.speechSeconds / 2 / rated.seconds
  assert.ok(Math.abs(rated.talkOver - both) < 0.01, `${rated.talkOver} for ${both}`)
  assert.ok(rated.alarms.includes('long_silence'))
  assert.ok((rated.agent.snrDb ?? 0) > 80, 'there is nothing but the last step of 16 bits')
})

test('a side that is never heard is told, and a short call is not', { skip }, () => {
  const clean = spoken(CHINESE, 'cmn')
  const long = Float64Array.from([...clean, ...clean, ...clean])
  const dead = rateRecording({ sampleRate: RATE, agent: long, borrower: still(long.length) })
  assert.deepEqual([dead.borrower.snrDb, dead.alarms], [null, ['one_way']])
  const short = clean.subarray(0, 4 * RATE)
  const brief = rateRecording({ sampleRate: RATE, agent: short, borrower: still(short.length) })
  assert.deepEqual(brief.alarms, [])
})

test('a speaker who is too loud for the line is told by the share of samples at the end of the scale', () => {
  const tone = Float64Array.from({ length: 4 * RATE }, (_, at) =>
    Math.max(-1, Math.min(1, 1.5 * Math.sin((at * 2 * Math.PI * 400) / RATE))),
  )
  const rated = rateRecording({ sampleRate: RATE, agent: tone, borrower: still(tone.length) })
  // A sine of 1.5 lies above one for 2·acos(1/1.5)/π of the time; single steps at the edges are not runs.
  const above = (2 * Math.acos(1 / 1.5)) / Math.PI
  assert.ok(Math.abs(rated.agent.clipped - above) < 0.06, `${rated.agent.clipped} for ${above}`)
  assert.ok(rated.alarms.includes('agent_clipped'))
  assert.equal(rated.borrower.clipped, 0)
})

test('PCM, A-law and µ-law in two channels are read alike; one channel or anything else is refused', () => {
  const left = Float64Array.from({ length: RATE }, (_, at) => 8000 * Math.sin(at / 9))
  const right = left.map((sample) => sample / 2)
  const wave = new wavefile.WaveFile()
  wave.fromScratch(2, RATE, '16', [left, right])
  const pcm = readRecording(wave.toBuffer())
  assert.ok(Math.abs((pcm.agent[14] ?? 0) - 2 * (pcm.borrower[14] ?? 0)) < 0.001)
  for (const law of ['toALaw', 'toMuLaw'] as const) {
    const coded = new wavefile.WaveFile(wave.toBuffer())
    coded[law]()
    const read = readRecording(coded.toBuffer())
    assert.ok(Math.abs((read.agent[14] ?? 0) - (pcm.agent[14] ?? 0)) < 0.02, law)
  }
  const one = new wavefile.WaveFile()
  one.fromScratch(1, RATE, '16', left)
  assert.throws(() => readRecording(one.toBuffer()), /expected 2: record the two sides apart/)
  assert.throws(() => readRecording(Buffer.from('RIFF')), /no WAV file/)
})

test('nothing, silence and a single frame have no figures that lie', () => {
  for (const length of [0, 1, 160, RATE]) {
    const rated = rateRecording({ sampleRate: RATE, agent: still(length), borrower: still(length) })
    assert.deepEqual([rated.agent.snrDb, rated.talkRatio, rated.alarms], [null, null, []])
  }
})
