// SPDX-License-Identifier: MIT
// What the agent answers; agent/README.md has the contract.
export interface Failure { code: string; detail: string; remedy: string }
export interface Problem extends Failure { status: number; pointer?: string; errors?: Failure[] }
export interface User { username: string; role: 'viewer' | 'operator' | 'admin' }
export interface Cpu { id: number; owner: string }
export interface MemoryRange { start: string; size: string; owner: string; kind: 'root' | 'cell' | 'hypervisor' | 'free' }
export interface System { name: string; board: string; model: string; kernel: string; version: string; uptime_seconds: number; cpus: Cpu[]; memory: MemoryRange[] }
export interface Hypervisor { state: 'disabled' | 'enabled' | 'driver-missing'; root_cell: string | null; failure: Failure | null }
export type CellState = 'defined' | 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';
export interface Cell { name: string; state: CellState; start_at_boot: boolean; cpus: number[]; memory: { start: string; size: string }[]; images: string[]; failure: Failure | null }
export type CellAction = 'start' | 'stop' | 'restart' | 'destroy';
