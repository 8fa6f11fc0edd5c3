export {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  freePort,
  startEmbeddedPostgres,
} from './embedded.ts'
