export { type Config, configurationPage, homePaths, readConfig } from './config.ts'
export { readEnv } from './env.ts'
