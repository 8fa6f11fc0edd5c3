import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const API = 'http://127.0.0.1:8080'

/** `npm run dev -w console` serves the sources beside a running product; `build.ts` builds them. */
export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/console-api': API, '/auth': API, '/api': API } },
  build: {
    target: 'es2023',
    assetsDir: 'assets',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
  },
})
