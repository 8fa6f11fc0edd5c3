export * from './reactions.ts'
