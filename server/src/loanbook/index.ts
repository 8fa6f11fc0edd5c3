export * from './import/index.ts'
export * from './model/index.ts'
