export { runSimulation, type SimulationOptions, type SimulationResult } from './run-simulation.ts'
