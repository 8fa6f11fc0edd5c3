import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { basename, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fastifyMultipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { App } from './create-app.ts'
import { Problem } from './problem.ts'

/** Bytes of an uploaded file. */
const UPLOAD_BYTES_MAX = 4 * 1024 ** 3
const NAME_CHARS_MAX = 100

/** A file on disk; `content` tells it from another file. */
type Stored = { readonly file: string; readonly content: string }

/** Lets the routes of a scope take one file of a form, with a few fields beside it. */
export async function takeUploads(scope: App): Promise<void> {
  const limits = { files: 1, fields: 10, fieldSize: 1000, fileSize: UPLOAD_BYTES_MAX }
  await scope.register(fastifyMultipart, { limits })
}

/** Streams the file of a form to disk, a piece at a time, and reads the fields beside it. */
export async function receiveUpload<Fields>(
  request: FastifyRequest,
  { folder, schema }: { folder: string; schema: z.ZodType<Fields> },
): Promise<Fields & Stored> {
  const { fields, stored } = await readForm(request, folder).catch((error: unknown) => {
    throw isOurs(error)
      ? error
      : new Problem('request.malformed', 'the form is cut short or damaged')
  })
  const parsed = schema.safeParse(fields)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const keys = issue?.code === 'unrecognized_keys' ? issue.keys : (issue?.path ?? [])
    throw new Problem('request.invalid', issue?.message ?? 'not a form of ours', keys.join('.'))
  }
  if (stored === null) throw new Problem('request.invalid', 'the form has no file', 'file')
  return { ...parsed.data, ...stored }
}

async function readForm(
  request: FastifyRequest,
  folder: string,
): Promise<{ fields: Record<string, unknown>; stored: Stored | null }> {
  const fields: Record<string, unknown> = {}
  let stored: Stored | null = null
  for await (const part of request.parts()) {
    if (part.type === 'field') fields[part.fieldname] = part.value
    else stored = await store(part, folder)
  }
  return { fields, stored }
}

/** A full disk is ours, and what has a status says itself what it is; the rest is the form's reader. */
function isOurs(error: unknown): boolean {
  return (
    typeof error !== 'object' ||
    error === null ||
    'errno' in error ||
    'statusCode' in error ||
    error instanceof Problem
  )
}

/** Keeps the ending of the name, which tells the format, and the hash, which tells one file from another. */
async function store(part: MultipartFile, folder: string): Promise<Stored> {
  const name = basename(part.filename)
    .replaceAll(/[^\w.-]/g, '_')
    .slice(-NAME_CHARS_MAX)
  const file = join(folder, /^[\w-]/.test(name) ? name : 'upload.csv')
  const hash = createHash('sha256')
  const seen = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(part.file, seen, createWriteStream(file, { mode: 0o600 }))
  if (part.file.truncated)
    throw new Problem('request.too_large', `a file may have ${UPLOAD_BYTES_MAX} bytes`, 'file')
  return { file, content: hash.digest('hex') }
}
