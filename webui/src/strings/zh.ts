// SPDX-License-Identifier: MIT
import type { Key } from './en';
export const zh: Record<Key, string> = {
	setUp: '设置此开发板', setUpHint: '设置码显示在开发板的串口控制台上。', code: '设置码', username: '用户名', password: '密码',
	passwordRule: '至少 10 个字符，任何字符均可，也可以是一句话。', finishSetUp: '完成设置', logIn: '登录', logOut: '退出登录', connecting: '正在连接开发板…',
	lost: '与开发板的连接已断开，正在重试…', unreachable: '开发板没有响应。', unreachableRemedy: '请检查开发板是否通电，以及本设备是否与其在同一网络。',
	cpus: 'CPU', cpu: 'CPU', memory: '内存', owner: '所有者', address: '地址', size: '大小', kind: '类型', asTable: '以表格显示', cells: '单元',
	noCells: '尚未定义任何单元。', hypervisor: '虚拟机监控器', enable: '启用', disable: '停用', disableAsk: '停用会停止并销毁所有单元。', yesDisable: '停用并停止所有单元',
	cancel: '取消', 'h-enabled': '已启用', 'h-disabled': '未启用', 'h-driver-missing': '缺少驱动程序', hypervisorFailed: '无法启用虚拟机监控器',
	defined: '已定义', stopped: '已停止', starting: '启动中', running: '运行中', stopping: '停止中', failed: '故障', start: '启动', stop: '停止', restart: '重启',
	destroy: '销毁', destroyAsk: '该单元没有机会完成其工作。', yesDestroy: '立即销毁', startAtBoot: '开机启动', console: '控制台', open: '打开', back: '总览', live: '实时',
	ended: '该单元已结束，当前状态：{state}。', reconnecting: '控制台已断开，正在重新连接…', lostBytes: '丢失了 {bytes} 字节输出。', image: '映像', up: '已运行', kernel: 'Linux',
	root: '根 Linux', free: '空闲', cell: '单元', cellFailed: '单元 {name} 发生故障', language: 'English', minutes: '分钟',
};
