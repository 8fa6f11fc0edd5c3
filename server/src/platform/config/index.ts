export { type Config, configurationPage, homePaths, readConfig } from './config.ts'
