// SPDX-License-Identifier: MIT
export const en = {
	setUp: 'Set up this board', setUpHint: 'The set-up code is on the board\u2019s serial console.', code: 'Set-up code',
	username: 'User name', password: 'Password', passwordRule: 'At least 10 characters. Any characters, a sentence is fine.',
	finishSetUp: 'Set up', logIn: 'Log in', logOut: 'Log out', connecting: 'Asking the board\u2026',
	lost: 'The connection to the board is lost. Trying again\u2026', unreachable: 'The board does not answer.',
	unreachableRemedy: 'Check that it has power and that this device is on its network.',
	cpus: 'CPUs', cpu: 'CPU', memory: 'Memory', owner: 'Owner', address: 'Address', size: 'Size', kind: 'Kind', asTable: 'As a table',
	cells: 'Cells', noCells: 'No cell is defined yet.', hypervisor: 'Hypervisor', enable: 'Enable', disable: 'Disable',
	disableAsk: 'Disabling stops and destroys all cells.', yesDisable: 'Disable, stop all cells', cancel: 'Cancel',
	'h-enabled': 'enabled', 'h-disabled': 'disabled', 'h-driver-missing': 'driver missing', hypervisorFailed: 'The hypervisor could not be enabled',
	defined: 'defined', stopped: 'stopped', starting: 'starting', running: 'running', stopping: 'stopping', failed: 'failed',
	start: 'Start', stop: 'Stop', restart: 'Restart', destroy: 'Destroy', destroyAsk: 'The cell gets no chance to finish its work.', yesDestroy: 'Destroy at once',
	startAtBoot: 'Start at boot', console: 'Console', open: 'Open', back: 'Overview', live: 'live', ended: 'The cell has ended: it is {state}.',
	reconnecting: 'The console is cut off. Reconnecting\u2026', lostBytes: '{bytes} bytes of output were lost.', image: 'Image', up: 'up', kernel: 'Linux',
	root: 'root Linux', free: 'free', cell: 'cell', cellFailed: 'Cell {name} has failed', language: '\u4e2d\u6587', minutes: 'min',
};
export type Key = keyof typeof en;
