/**
 * Machine types of compute pools: those of AWS, Azure and Google Cloud, since a local account is in none of them.
 * https://docs.snowflake.com/en/developer-guide/snowpark-container-services/instance-families
 */
export interface InstanceFamily {
  readonly name: string;
  readonly vcpu: number;
  readonly memoryGib: number;
  readonly storageGib: number;
  readonly gpu?: { readonly type: string; readonly count: number; readonly memoryGib: number };
}

function cpu(name: string, vcpu: number, memoryGib: number): InstanceFamily {
  return { name, vcpu, memoryGib, storageGib: 100 };
}

function gpu(name: string, vcpu: number, memoryGib: number, type: string, count: number, gpuMemoryGib: number): InstanceFamily {
  return { name, vcpu, memoryGib, storageGib: 100, gpu: { type, count, memoryGib: gpuMemoryGib } };
}

export const instanceFamilies: readonly InstanceFamily[] = [
  cpu('CPU_X64_XS', 1, 6),
  cpu('CPU_X64_S', 3, 13),
  cpu('CPU_X64_M', 6, 28),
  cpu('CPU_X64_SL', 14, 58),
  cpu('CPU_X64_L', 28, 116),
  cpu('HIGHMEM_X64_S', 6, 58),
  cpu('HIGHMEM_X64_M', 28, 240),
  cpu('HIGHMEM_X64_SL', 92, 654),
  cpu('HIGHMEM_X64_L', 124, 984),
  ...[2, 4, 8, 16, 32].map((size) => cpu(`GEN_X64_G2_${String(size)}`, size, size * 4)),
  ...[2, 4, 8, 16, 32].map((size) => cpu(`GEN_ARM_G1_${String(size)}`, size, size * 4)),
  ...[8, 32, 64, 192].map((size) => cpu(`MEM_X64_G2_${String(size)}`, size, size * 8)),
  gpu('GPU_NV_XS', 3, 26, 'NVIDIA T4', 1, 16),
  gpu('GPU_NV_S', 6, 27, 'NVIDIA A10G', 1, 24),
  gpu('GPU_NV_SM', 32, 424, 'NVIDIA A10', 1, 24),
  gpu('GPU_NV_M', 44, 178, 'NVIDIA A10G', 4, 24),
  gpu('GPU_NV_2M', 68, 858, 'NVIDIA A10', 2, 24),
  gpu('GPU_NV_3M', 44, 424, 'NVIDIA A100', 2, 80),
  gpu('GPU_NV_SL', 92, 858, 'NVIDIA A100', 4, 80),
  gpu('GPU_NV_L', 92, 1112, 'NVIDIA A100', 8, 40),
  gpu('GPU_GCP_NV_L4_1_24G', 6, 28, 'NVIDIA L4', 1, 24),
  gpu('GPU_GCP_NV_L4_4_24G', 44, 178, 'NVIDIA L4', 4, 24),
  gpu('GPU_GCP_NV_A100_8_40G', 92, 654, 'NVIDIA A100', 8, 40),
  ...[8, 16, 48, 192].map((size) =>
    gpu(`GPU_L40S_G1_${String(size)}`, size, size * 8, 'NVIDIA L40S', Math.max(1, Math.floor(size / 24)), 48),
  ),
];
