export { createRobotTalk, type RobotTalkOptions } from './create-robot-talk.ts'
