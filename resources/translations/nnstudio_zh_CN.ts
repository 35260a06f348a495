<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
  <context>
    <name>AboutDialog</name>
    <message>
      <source>About nnstudio</source>
      <translation>关于 nnstudio</translation>
    </message>
    <message>
      <source>Build a network, watch it learn from your images, take it with you.</source>
      <translation>搭建网络，看它从您的图像中学习，再把它带走。</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>Free software under the MIT licence.</source>
      <translation>以 MIT 许可证发布的自由软件。</translation>
    </message>
    <message>
      <source>Version {version}</source>
      <translation>版本 {version}</translation>
    </message>
  </context>
  <context>
    <name>Actions</name>
    <message>
      <source>&amp;About nnstudio</source>
      <translation>关于 nnstudio(&amp;A)</translation>
    </message>
    <message>
      <source>&amp;Add a layer…</source>
      <translation>添加层(&amp;A)…</translation>
    </message>
    <message>
      <source>&amp;Build</source>
      <translation>搭建(&amp;B)</translation>
    </message>
    <message>
      <source>&amp;Drawn digits…</source>
      <translation>手绘数字(&amp;D)…</translation>
    </message>
    <message>
      <source>&amp;Duplicate</source>
      <translation>复制一份(&amp;D)</translation>
    </message>
    <message>
      <source>&amp;Edit</source>
      <translation>编辑(&amp;E)</translation>
    </message>
    <message>
      <source>&amp;Export model…</source>
      <translation>导出模型(&amp;E)…</translation>
    </message>
    <message>
      <source>&amp;File</source>
      <translation>文件(&amp;F)</translation>
    </message>
    <message>
      <source>&amp;Fit network</source>
      <translation>适应窗口(&amp;F)</translation>
    </message>
    <message>
      <source>&amp;Folder…</source>
      <translation>文件夹(&amp;F)…</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>帮助(&amp;H)</translation>
    </message>
    <message>
      <source>&amp;Keyboard shortcuts</source>
      <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
      <source>&amp;Language</source>
      <translation>语言(&amp;L)</translation>
    </message>
    <message>
      <source>&amp;Light</source>
      <translation>浅色(&amp;L)</translation>
    </message>
    <message>
      <source>&amp;Load dataset</source>
      <translation>加载数据集(&amp;L)</translation>
    </message>
    <message>
      <source>&amp;Mend the first problem</source>
      <translation>修复第一个问题(&amp;M)</translation>
    </message>
    <message>
      <source>&amp;Model</source>
      <translation>模型(&amp;M)</translation>
    </message>
    <message>
      <source>&amp;New empty network</source>
      <translation>新建空网络(&amp;N)</translation>
    </message>
    <message>
      <source>&amp;Next dock</source>
      <translation>下一个面板(&amp;N)</translation>
    </message>
    <message>
      <source>&amp;Open…</source>
      <translation>打开(&amp;O)…</translation>
    </message>
    <message>
      <source>&amp;Pause</source>
      <translation>暂停(&amp;P)</translation>
    </message>
    <message>
      <source>&amp;Quit</source>
      <translation>退出(&amp;Q)</translation>
    </message>
    <message>
      <source>&amp;Redo</source>
      <translation>重做(&amp;R)</translation>
    </message>
    <message>
      <source>&amp;Reset workspace</source>
      <translation>重置工作区(&amp;R)</translation>
    </message>
    <message>
      <source>&amp;Save</source>
      <translation>保存(&amp;S)</translation>
    </message>
    <message>
      <source>&amp;Start</source>
      <translation>开始(&amp;S)</translation>
    </message>
    <message>
      <source>&amp;Start page</source>
      <translation>起始页(&amp;S)</translation>
    </message>
    <message>
      <source>&amp;Theme</source>
      <translation>主题(&amp;T)</translation>
    </message>
    <message>
      <source>&amp;Tidy up the blocks</source>
      <translation>整理各层(&amp;T)</translation>
    </message>
    <message>
      <source>&amp;Train</source>
      <translation>训练(&amp;T)</translation>
    </message>
    <message>
      <source>&amp;Undo</source>
      <translation>撤销(&amp;U)</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>视图(&amp;V)</translation>
    </message>
    <message>
      <source>D&amp;ark</source>
      <translation>深色(&amp;A)</translation>
    </message>
    <message>
      <source>De&amp;lete</source>
      <translation>删除(&amp;L)</translation>
    </message>
    <message>
      <source>F&amp;ile…</source>
      <translation>文件(&amp;I)…</translation>
    </message>
    <message>
      <source>F&amp;ull screen</source>
      <translation>全屏(&amp;U)</translation>
    </message>
    <message>
      <source>Like the &amp;desktop</source>
      <translation>跟随桌面(&amp;D)</translation>
    </message>
    <message>
      <source>Move the block &amp;down</source>
      <translation>把块下移(&amp;D)</translation>
    </message>
    <message>
      <source>Move the block &amp;up</source>
      <translation>把块上移(&amp;U)</translation>
    </message>
    <message>
      <source>New from &amp;template</source>
      <translation>从模板新建(&amp;T)</translation>
    </message>
    <message>
      <source>Open &amp;recent</source>
      <translation>打开最近的项目(&amp;R)</translation>
    </message>
    <message>
      <source>S&amp;tep one batch</source>
      <translation>单步一个批次(&amp;T)</translation>
    </message>
    <message>
      <source>Save &amp;as…</source>
      <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
      <source>Select &amp;all</source>
      <translation>全选(&amp;A)</translation>
    </message>
    <message>
      <source>St&amp;op</source>
      <translation>停止(&amp;O)</translation>
    </message>
    <message>
      <source>Start &amp;afresh</source>
      <translation>重新开始(&amp;A)</translation>
    </message>
    <message>
      <source>T&amp;rain</source>
      <translation>训练(&amp;R)</translation>
    </message>
    <message>
      <source>Zoom &amp;in</source>
      <translation>放大(&amp;I)</translation>
    </message>
    <message>
      <source>Zoom &amp;out</source>
      <translation>缩小(&amp;O)</translation>
    </message>
  </context>
  <context>
    <name>Commands</name>
    <message>
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <source>Discard</source>
      <translation>不保存</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>保存</translation>
    </message>
    <message>
      <source>Save the changes first?</source>
      <translation>要先保存更改吗？</translation>
    </message>
    <message>
      <source>Unsaved changes</source>
      <translation>未保存的更改</translation>
    </message>
    <message>
      <source>Without saving, the network and its weights are lost.</source>
      <translation>如果不保存，网络及其权重会丢失。</translation>
    </message>
    <message>
      <source>model</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>untitled</source>
      <translation>未命名</translation>
    </message>
  </context>
  <context>
    <name>DataPanel</name>
    <message>
      <source>Choose folder</source>
      <translation>选择文件夹</translation>
    </message>
    <message>
      <source>Drop a folder with one sub-folder per class.</source>
      <translation>拖入一个文件夹，每个类别一个子文件夹。</translation>
    </message>
    <message>
      <source>Skipped files</source>
      <translation>跳过的文件</translation>
    </message>
    <message>
      <source>Skipped files: {count}</source>
      <translation>跳过的文件：{count}</translation>
    </message>
    <message>
      <source>{train} to train, {validation} to validate, {test} to test</source>
      <translation>{train} 张训练，{validation} 张验证，{test} 张测试</translation>
    </message>
  </context>
  <context>
    <name>DockHeader</name>
    <message>
      <source>Maximise (double-click, Esc returns)</source>
      <translation>最大化（双击，按 Esc 还原）</translation>
    </message>
  </context>
  <context>
    <name>ExportDialog</name>
    <message>
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <source>Choose a file…</source>
      <translation>选择文件…</translation>
    </message>
    <message>
      <source>Export model</source>
      <translation>导出模型</translation>
    </message>
    <message>
      <source>Network and weights in one file that onnxruntime and many other programs run. Give it pixels from 0 to 255; it gives a probability per class.</source>
      <translation>网络和权重存于一个文件，onnxruntime 等许多程序都能运行。输入 0 到 255 的像素，得到每个类别的概率。</translation>
    </message>
    <message>
      <source>The weights alone, under their names, for programs that know the network. The file cannot run code.</source>
      <translation>只含权重及其名称，供认识该网络的程序使用。该文件不能运行代码。</translation>
    </message>
  </context>
  <context>
    <name>Files</name>
    <message>
      <source>All files</source>
      <translation>所有文件</translation>
    </message>
    <message>
      <source>Export model</source>
      <translation>导出模型</translation>
    </message>
    <message>
      <source>Load a data file</source>
      <translation>加载数据文件</translation>
    </message>
    <message>
      <source>Load a folder of images</source>
      <translation>加载图像文件夹</translation>
    </message>
    <message>
      <source>MNIST files</source>
      <translation>MNIST 文件</translation>
    </message>
    <message>
      <source>Open project</source>
      <translation>打开项目</translation>
    </message>
    <message>
      <source>Projects</source>
      <translation>项目</translation>
    </message>
    <message>
      <source>Save project</source>
      <translation>保存项目</translation>
    </message>
  </context>
  <context>
    <name>Inspector</name>
    <message>
      <source>Multiply-adds</source>
      <translation>乘加次数</translation>
    </message>
    <message>
      <source>Network</source>
      <translation>网络</translation>
    </message>
    <message>
      <source>Output</source>
      <translation>输出</translation>
    </message>
    <message>
      <source>Parameters</source>
      <translation>参数</translation>
    </message>
    <message>
      <source>Select a layer to see and change its settings.</source>
      <translation>选择一层，查看并更改它的设置。</translation>
    </message>
    <message>
      <source>Worked out</source>
      <translation>计算过程</translation>
    </message>
    <message>
      <source>layer {place} of {count}</source>
      <translation>第 {place} 层，共 {count} 层</translation>
    </message>
    <message>
      <source>{count} layers</source>
      <translation>{count} 层</translation>
    </message>
  </context>
  <context>
    <name>KernelGrid</name>
    <message>
      <source>Filter {number}</source>
      <translation>卷积核 {number}</translation>
    </message>
    <message>
      <source>Kernels, one column a filter</source>
      <translation>卷积核，每列一个</translation>
    </message>
  </context>
  <context>
    <name>KernelsPanel</name>
    <message>
      <source>Filter {number}, a kernel per input map</source>
      <translation>卷积核 {number}，每个输入特征图一个</translation>
    </message>
    <message>
      <source>Kernels appear when training starts.</source>
      <translation>训练开始后显示卷积核。</translation>
    </message>
    <message>
      <source>Layer whose kernels are shown</source>
      <translation>要显示卷积核的层</translation>
    </message>
    <message>
      <source>This network has no convolution layer.</source>
      <translation>这个网络没有卷积层。</translation>
    </message>
    <message>
      <source>{count} filters, {height}×{width}</source>
      <translation>{count} 个卷积核，{height}×{width}</translation>
    </message>
  </context>
  <context>
    <name>LayerList</name>
    <message>
      <source>No layer is called so.</source>
      <translation>没有这样的层。</translation>
    </message>
  </context>
  <context>
    <name>LayerPalette</name>
    <message>
      <source>Find a layer</source>
      <translation>查找层</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>层</translation>
    </message>
    <message>
      <source>Type a name, then press Enter to add the layer</source>
      <translation>输入名称，再按 Enter 添加层</translation>
    </message>
  </context>
  <context>
    <name>LoadDataDialog</name>
    <message>
      <source>, {time} left</source>
      <translation>，剩余 {time}</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <source>Load dataset</source>
      <translation>加载数据集</translation>
    </message>
    <message>
      <source>Progress of reading</source>
      <translation>读取进度</translation>
    </message>
    <message>
      <source>Reading image {done} of {total}</source>
      <translation>正在读取第 {done} 张图像，共 {total} 张</translation>
    </message>
    <message>
      <source>Skipped files</source>
      <translation>跳过的文件</translation>
    </message>
    <message>
      <source>Skipped files: {count}</source>
      <translation>跳过的文件：{count}</translation>
    </message>
    <message>
      <source>Use these images</source>
      <translation>使用这些图像</translation>
    </message>
    <message>
      <source>{count} images of {height}×{width}×{channels}: {train} to train, {validation} to validate, {test} to test</source>
      <translation>{count} 张 {height}×{width}×{channels} 的图像：{train} 张训练，{validation} 张验证，{test} 张测试</translation>
    </message>
  </context>
  <context>
    <name>LossPanel</name>
    <message>
      <source>1 epoch</source>
      <translation>1 轮</translation>
    </message>
    <message>
      <source>; validation {loss}, {accuracy} %</source>
      <translation>；验证 {loss}，{accuracy} %</translation>
    </message>
    <message>
      <source>Accuracy</source>
      <translation>准确率</translation>
    </message>
    <message>
      <source>Curves appear with the first batch.</source>
      <translation>训练第一个批次后显示曲线。</translation>
    </message>
    <message>
      <source>Explained variance</source>
      <translation>解释方差</translation>
    </message>
    <message>
      <source>How much of the past each point of the thick line keeps</source>
      <translation>粗线上的每个点保留多少过去的值</translation>
    </message>
    <message>
      <source>Logarithmic loss axis</source>
      <translation>损失采用对数坐标</translation>
    </message>
    <message>
      <source>Loss</source>
      <translation>损失</translation>
    </message>
    <message>
      <source>Loss and accuracy</source>
      <translation>损失与准确率</translation>
    </message>
    <message>
      <source>Smoothing</source>
      <translation>平滑</translation>
    </message>
    <message>
      <source>Start training</source>
      <translation>开始训练</translation>
    </message>
    <message>
      <source>epoch {time}: training {loss}, {accuracy} %</source>
      <translation>第 {time} 轮：训练 {loss}，{accuracy} %</translation>
    </message>
    <message>
      <source>log</source>
      <translation>对数</translation>
    </message>
    <message>
      <source>training</source>
      <translation>训练</translation>
    </message>
    <message>
      <source>validation</source>
      <translation>验证</translation>
    </message>
    <message>
      <source>{count} epochs</source>
      <translation>{count} 轮</translation>
    </message>
    <message>
      <source>{loss}, log scale</source>
      <translation>{loss}，对数刻度</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source>Data</source>
      <translation>数据</translation>
    </message>
    <message>
      <source>Inspector</source>
      <translation>检查器</translation>
    </message>
    <message>
      <source>Kernels</source>
      <translation>卷积核</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>层</translation>
    </message>
    <message>
      <source>Load dataset</source>
      <translation>加载数据集</translation>
    </message>
    <message>
      <source>Loss and accuracy</source>
      <translation>损失与准确率</translation>
    </message>
    <message>
      <source>Problems</source>
      <translation>问题</translation>
    </message>
    <message>
      <source>Projects you save will be listed here.</source>
      <translation>保存过的项目会列在这里。</translation>
    </message>
    <message>
      <source>Run</source>
      <translation>运行</translation>
    </message>
    <message>
      <source>drag, or press A</source>
      <translation>拖动，或按 A</translation>
    </message>
    <message>
      <source>untitled</source>
      <translation>未命名</translation>
    </message>
  </context>
  <context>
    <name>MessageDialog</name>
    <message>
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>详细信息</translation>
    </message>
    <message>
      <source>Not enough memory</source>
      <translation>内存不足</translation>
    </message>
    <message>
      <source>Something unforeseen happened</source>
      <translation>发生了意料之外的情况</translation>
    </message>
    <message>
      <source>That did not work</source>
      <translation>操作没有成功</translation>
    </message>
    <message>
      <source>The computer has no memory left for this.</source>
      <translation>计算机没有足够的内存。</translation>
    </message>
    <message>
      <source>Use a smaller batch, smaller images or a smaller network.</source>
      <translation>请使用更小的批次、更小的图像或更小的网络。</translation>
    </message>
    <message>
      <source>What was open is as it was. Save your work; the details help to report this.</source>
      <translation>已打开的内容保持原样。请保存您的工作；详细信息有助于报告此问题。</translation>
    </message>
  </context>
  <context>
    <name>NetworkEditor</name>
    <message>
      <source>Begin with a network that is ready to train</source>
      <translation>从一个可直接训练的网络开始</translation>
    </message>
    <message>
      <source>Blocks joined by wires. The list of layers beside it tells the same in words.</source>
      <translation>由连线相接的各层。旁边的层列表用文字表达同样的内容。</translation>
    </message>
    <message>
      <source>Drag a layer here, or begin with a template.</source>
      <translation>把层拖到这里，或从模板开始。</translation>
    </message>
    <message>
      <source>Fit the network (Ctrl+0)</source>
      <translation>适应窗口 (Ctrl+0)</translation>
    </message>
    <message>
      <source>Network</source>
      <translation>网络</translation>
    </message>
    <message>
      <source>Show the layers as a list</source>
      <translation>以列表显示各层</translation>
    </message>
    <message>
      <source>Templates</source>
      <translation>模板</translation>
    </message>
    <message>
      <source>{count} layers</source>
      <translation>{count} 层</translation>
    </message>
    <message>
      <source>{count} parameters</source>
      <translation>{count} 个参数</translation>
    </message>
  </context>
  <context>
    <name>NumberField</name>
    <message>
      <source>Reset to default</source>
      <translation>恢复默认值</translation>
    </message>
  </context>
  <context>
    <name>NumbersField</name>
    <message>
      <source>{name}, columns</source>
      <translation>{name}，列</translation>
    </message>
    <message>
      <source>{name}, rows</source>
      <translation>{name}，行</translation>
    </message>
  </context>
  <context>
    <name>Outline</name>
    <message>
      <source>Layers of the network</source>
      <translation>网络中的各层</translation>
    </message>
  </context>
  <context>
    <name>ProblemCard</name>
    <message>
      <source>Ctrl+Enter</source>
      <translation>Ctrl+Enter</translation>
    </message>
  </context>
  <context>
    <name>ProblemsPanel</name>
    <message>
      <source>No problems. {count} parameters fit in {size}.</source>
      <translation>没有问题。{count} 个参数，占 {size}。</translation>
    </message>
    <message>
      <source>Problems</source>
      <translation>问题</translation>
    </message>
  </context>
  <context>
    <name>QuickAdd</name>
    <message>
      <source>Add a layer</source>
      <translation>添加层</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>层</translation>
    </message>
  </context>
  <context>
    <name>RunPanel</name>
    <message>
      <source>Epoch {epoch} of {total}</source>
      <translation>第 {epoch} 轮，共 {total} 轮</translation>
    </message>
    <message>
      <source>Not trained yet</source>
      <translation>尚未训练</translation>
    </message>
    <message>
      <source>On {count} test images, which training has never seen</source>
      <translation>基于 {count} 张测试图像，训练从未见过它们</translation>
    </message>
    <message>
      <source>Progress of this epoch</source>
      <translation>本轮进度</translation>
    </message>
    <message>
      <source>Remaining</source>
      <translation>剩余</translation>
    </message>
    <message>
      <source>Settings</source>
      <translation>设置</translation>
    </message>
    <message>
      <source>Share of the validation images that are answered rightly</source>
      <translation>回答正确的验证图像所占比例</translation>
    </message>
    <message>
      <source>Share of the variance of the validation images' numbers explained</source>
      <translation>验证图像数值的方差中得到解释的比例</translation>
    </message>
    <message>
      <source>Takes effect when training starts afresh: stop first.</source>
      <translation>重新开始训练时才生效：请先停止。</translation>
    </message>
    <message>
      <source>Test</source>
      <translation>测试</translation>
    </message>
    <message>
      <source>Validation</source>
      <translation>验证</translation>
    </message>
    <message>
      <source>Validation loss</source>
      <translation>验证损失</translation>
    </message>
    <message>
      <source>batch {batch} of {batches}</source>
      <translation>批次 {batch}，共 {batches} 个</translation>
    </message>
  </context>
  <context>
    <name>SettingsForm</name>
    <message>
      <source>Reset to default</source>
      <translation>恢复默认值</translation>
    </message>
  </context>
  <context>
    <name>ShortcutsDialog</name>
    <message>
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>Command</source>
      <translation>命令</translation>
    </message>
    <message>
      <source>Keyboard shortcuts</source>
      <translation>键盘快捷键</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>按键</translation>
    </message>
  </context>
  <context>
    <name>StartPage</name>
    <message>
      <source>Build a network, watch it learn from your images, take it with you.</source>
      <translation>搭建网络，看它从您的图像中学习，再把它带走。</translation>
    </message>
    <message>
      <source>Drop a folder of images</source>
      <translation>拖入一个图像文件夹</translation>
    </message>
    <message>
      <source>Empty canvas</source>
      <translation>空画布</translation>
    </message>
    <message>
      <source>New from a template</source>
      <translation>从模板新建</translation>
    </message>
    <message>
      <source>New network</source>
      <translation>新建网络</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>打开…</translation>
    </message>
    <message>
      <source>Projects you save will be listed here.</source>
      <translation>保存过的项目会列在这里。</translation>
    </message>
    <message>
      <source>Recent</source>
      <translation>最近</translation>
    </message>
    <message>
      <source>begin with an input</source>
      <translation>从输入开始</translation>
    </message>
    <message>
      <source>one sub-folder per class, PNG or JPEG; they stay on this computer</source>
      <translation>每个类别一个子文件夹，PNG 或 JPEG；图像只留在这台计算机上</translation>
    </message>
    <message>
      <source>sized for the drawn digits; the figure is the number of parameters</source>
      <translation>适合手绘数字；数字表示参数个数</translation>
    </message>
    <message>
      <source>today, {time}</source>
      <translation>今天 {time}</translation>
    </message>
  </context>
  <context>
    <name>StatusBar</name>
    <message>
      <source>, {time} left</source>
      <translation>，剩余 {time}</translation>
    </message>
    <message>
      <source>CPU, {count} threads</source>
      <translation>CPU，{count} 线程</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <source>Load a dataset to train this network.</source>
      <translation>加载数据集，即可训练这个网络。</translation>
    </message>
    <message>
      <source>One problem keeps the network from training.</source>
      <translation>有一个问题使网络无法训练。</translation>
    </message>
    <message>
      <source>Paused, epoch {epoch} of {total}.</source>
      <translation>已暂停，第 {epoch} 轮，共 {total} 轮。</translation>
    </message>
    <message>
      <source>Preparing the network…</source>
      <translation>正在准备网络…</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>进度</translation>
    </message>
    <message>
      <source>Ready to train.</source>
      <translation>可以开始训练。</translation>
    </message>
    <message>
      <source>Ready.</source>
      <translation>就绪。</translation>
    </message>
    <message>
      <source>Stopped in epoch {epoch} of {total}; Resume goes on from there.</source>
      <translation>已停在第 {epoch} 轮，共 {total} 轮；点“继续”接着训练。</translation>
    </message>
    <message>
      <source>Trained for one epoch.</source>
      <translation>已训练 1 轮。</translation>
    </message>
    <message>
      <source>Trained for {count} epochs.</source>
      <translation>已训练 {count} 轮。</translation>
    </message>
    <message>
      <source>Training, epoch {epoch} of {total}.</source>
      <translation>正在训练，第 {epoch} 轮，共 {total} 轮。</translation>
    </message>
    <message>
      <source>{count} img/s</source>
      <translation>{count} 张/秒</translation>
    </message>
    <message>
      <source>{count} parameters</source>
      <translation>{count} 个参数</translation>
    </message>
    <message>
      <source>{count} problems keep the network from training.</source>
      <translation>有 {count} 个问题使网络无法训练。</translation>
    </message>
  </context>
  <context>
    <name>SwitchField</name>
    <message>
      <source>on</source>
      <translation>开</translation>
    </message>
  </context>
  <context>
    <name>ToolBar</name>
    <message>
      <source>Build</source>
      <translation>搭建</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>导出</translation>
    </message>
    <message>
      <source>Load dataset</source>
      <translation>加载数据集</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>暂停</translation>
    </message>
    <message>
      <source>Resume</source>
      <translation>继续</translation>
    </message>
    <message>
      <source>Start</source>
      <translation>开始</translation>
    </message>
    <message>
      <source>Step</source>
      <translation>单步</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>Tool bar</source>
      <translation>工具栏</translation>
    </message>
    <message>
      <source>Train</source>
      <translation>训练</translation>
    </message>
    <message>
      <source>What the network is trained on; click to load something else</source>
      <translation>网络用来训练的数据；点击可加载别的数据</translation>
    </message>
  </context>
  <context>
    <name>Transport</name>
    <message>
      <source>1 epoch done</source>
      <translation>已完成 1 轮</translation>
    </message>
    <message>
      <source>Epoch {epoch} of {total} · {share} %</source>
      <translation>第 {epoch} 轮，共 {total} 轮 · {share} %</translation>
    </message>
    <message>
      <source>Load a dataset first.</source>
      <translation>请先加载数据集。</translation>
    </message>
    <message>
      <source>No training is running.</source>
      <translation>没有正在进行的训练。</translation>
    </message>
    <message>
      <source>Nothing is open.</source>
      <translation>没有打开任何内容。</translation>
    </message>
    <message>
      <source>Nothing to redo.</source>
      <translation>没有可重做的操作。</translation>
    </message>
    <message>
      <source>Nothing to undo.</source>
      <translation>没有可撤销的操作。</translation>
    </message>
    <message>
      <source>Preparing…</source>
      <translation>正在准备…</translation>
    </message>
    <message>
      <source>Redo: {what}</source>
      <translation>重做：{what}</translation>
    </message>
    <message>
      <source>The images are being loaded.</source>
      <translation>正在加载图像。</translation>
    </message>
    <message>
      <source>There is no problem.</source>
      <translation>没有问题。</translation>
    </message>
    <message>
      <source>Train the network first.</source>
      <translation>请先训练网络。</translation>
    </message>
    <message>
      <source>Training is paused.</source>
      <translation>训练已暂停。</translation>
    </message>
    <message>
      <source>Training is running.</source>
      <translation>正在训练。</translation>
    </message>
    <message>
      <source>Undo: {what}</source>
      <translation>撤销：{what}</translation>
    </message>
    <message>
      <source>{count} epochs done</source>
      <translation>已完成 {count} 轮</translation>
    </message>
  </context>
  <context>
    <name>core</name>
    <message>
      <source>A dense layer with one unit per class comes before it.</source>
      <translation>它前面应有一个全连接层，每个类别一个单元。</translation>
    </message>
    <message>
      <source>A link to a folder is not followed inside a class folder.</source>
      <translation>类别文件夹里指向文件夹的链接不会被跟随。</translation>
    </message>
    <message>
      <source>A network gives one answer. Remove one of the two, or join them by a merge.</source>
      <translation>一个网络只给出一个答案。请移除其中一个，或用合并层把它们连起来。</translation>
    </message>
    <message>
      <source>A network has one input, and this is the second.</source>
      <translation>一个网络只有一个输入，而这是第二个。</translation>
    </message>
    <message>
      <source>A network has one output layer, and this is the second.</source>
      <translation>一个网络只有一个输出层，而这是第二个。</translation>
    </message>
    <message>
      <source>A number in it is too large.</source>
      <translation>其中一个数太大。</translation>
    </message>
    <message>
      <source>A part of {value} is impossible.</source>
      <translation>不可能划出 {value} 的部分。</translation>
    </message>
    <message>
      <source>A sigmoid of straight lines: y = x/6 + 1/2 between −3 and 3, 0 below and 1 above.</source>
      <translation>用直线段代替的 Sigmoid：−3 与 3 之间 y = x/6 + 1/2，更小为 0，更大为 1。</translation>
    </message>
    <message>
      <source>A square of this share of the image's side is blotted out.</source>
      <translation>遮去一个正方形，边长为图像边长的这一比例。</translation>
    </message>
    <message>
      <source>A step on {batch} images needs {needed} MB of memory, and {free} MB are free.</source>
      <translation>在 {batch} 张图像上走一步需要 {needed} MB 内存，而空闲的只有 {free} MB。</translation>
    </message>
    <message>
      <source>A window would see nothing of the image.</source>
      <translation>有的窗口会完全看不到图像。</translation>
    </message>
    <message>
      <source>A wire here would form a circle or leave the output.</source>
      <translation>在这里连线会形成环路，或从输出层引出。</translation>
    </message>
    <message>
      <source>Accumulate</source>
      <translation>累积</translation>
    </message>
    <message>
      <source>Activation</source>
      <translation>激活</translation>
    </message>
    <message>
      <source>AdaGrad</source>
      <translation>AdaGrad</translation>
    </message>
    <message>
      <source>Adam</source>
      <translation>Adam</translation>
    </message>
    <message>
      <source>AdamW</source>
      <translation>AdamW</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>相加</translation>
    </message>
    <message>
      <source>Add Flatten and a dense layer with one unit per class.</source>
      <translation>添加展平层和一个全连接层，每个类别一个单元。</translation>
    </message>
    <message>
      <source>Add a Sigmoid at the end</source>
      <translation>在末尾添加 Sigmoid</translation>
    </message>
    <message>
      <source>Add a Softmax output</source>
      <translation>添加 Softmax 输出</translation>
    </message>
    <message>
      <source>Add a folder with pictures of another class.</source>
      <translation>再添加一个文件夹，放入另一类的图片。</translation>
    </message>
    <message>
      <source>Add layers or begin with a template.</source>
      <translation>添加层，或从模板开始。</translation>
    </message>
    <message>
      <source>Add pictures with another label.</source>
      <translation>请添加带有另一种标签的图片。</translation>
    </message>
    <message>
      <source>Add some there, or remove the class from the other folders.</source>
      <translation>在那里添加一些图片，或从其他文件夹中去掉这个类别。</translation>
    </message>
    <message>
      <source>Add training images.</source>
      <translation>添加训练图像。</translation>
    </message>
    <message>
      <source>Add {layer}</source>
      <translation>添加{layer}</translation>
    </message>
    <message>
      <source>Added to the variance, so that a constant channel is not divided by zero.</source>
      <translation>加在方差上，避免数值不变的通道被零除。</translation>
    </message>
    <message>
      <source>Added to the variance, so that a constant image is not divided by zero.</source>
      <translation>加在方差上，避免数值不变的图像被零除。</translation>
    </message>
    <message>
      <source>Adds to a larger image, for each pixel of the input, its value times a learned kernel.</source>
      <translation>对输入的每个像素，把它的值乘以学到的卷积核，累加到一幅更大的图像上。</translation>
    </message>
    <message>
      <source>Adds up the gradients of so many batches before each step: a large batch in small pieces.</source>
      <translation>每走一步之前，先累加这么多个批次的梯度：把一个大批次分成小块来计算。</translation>
    </message>
    <message>
      <source>Adds λ/2·Σw² to the loss: weights stay small. The bias is left out.</source>
      <translation>在损失上加 λ/2·Σw²：使权重保持较小。偏置不参与。</translation>
    </message>
    <message>
      <source>Adds λ·Σ|w| to the loss: weights that help little become zero. The bias is left out.</source>
      <translation>在损失上加 λ·Σ|w|：作用不大的权重会变为零。偏置不参与。</translation>
    </message>
    <message>
      <source>After Flatten there are no rows and columns left.</source>
      <translation>展平之后不再有行和列。</translation>
    </message>
    <message>
      <source>All images enter at one place.</source>
      <translation>所有图像都从同一处进入。</translation>
    </message>
    <message>
      <source>All inputs need the same rows and columns; vectors are joined with vectors only.</source>
      <translation>所有输入的行数和列数必须相同；向量只能与向量拼接。</translation>
    </message>
    <message>
      <source>Another seed draws other digits.</source>
      <translation>换一个种子会画出另一批数字。</translation>
    </message>
    <message>
      <source>Ask for a whole number from 0 to 9.</source>
      <translation>请要求 0 到 9 的整数。</translation>
    </message>
    <message>
      <source>Ask for at least 1 image.</source>
      <translation>请至少要求 1 张图像。</translation>
    </message>
    <message>
      <source>At least one row and one column must be left.</source>
      <translation>至少要留下一行和一列。</translation>
    </message>
    <message>
      <source>At step {step} the numbers in {node} grew beyond what can be computed. The weights from before that step are kept. Try a smaller learning rate, or clip the gradient by global norm.</source>
      <translation>在第 {step} 步，{node} 中的数大得无法计算。已保留这一步之前的权重。请尝试更小的学习率，或按全局范数裁剪梯度。</translation>
    </message>
    <message>
      <source>Augmentation</source>
      <translation>数据增强</translation>
    </message>
    <message>
      <source>Average pooling</source>
      <translation>平均池化</translation>
    </message>
    <message>
      <source>Batch normalisation</source>
      <translation>批量归一化</translation>
    </message>
    <message>
      <source>Batch size</source>
      <translation>批次大小</translation>
    </message>
    <message>
      <source>Bottom</source>
      <translation>下</translation>
    </message>
    <message>
      <source>Brightness</source>
      <translation>亮度</translation>
    </message>
    <message>
      <source>Bring {given} to {wanted} by {layer}</source>
      <translation>用“{layer}”把 {given} 变为 {wanted}</translation>
    </message>
    <message>
      <source>Brings all numbers of one image (of one vector) together to mean 0 and variance 1, then y = γ·x̂ + β.</source>
      <translation>把一幅图像（一个向量）的所有数值归一化为均值 0、方差 1，然后 y = γ·x̂ + β。</translation>
    </message>
    <message>
      <source>Brings each channel (each unit of a vector) to mean 0 and variance 1 over the batch, then y = γ·x̂ + β.</source>
      <translation>在整个批次上把每个通道（向量的每个单元）归一化为均值 0、方差 1，然后 y = γ·x̂ + β。</translation>
    </message>
    <message>
      <source>By how much the loss must fall to count as progress.</source>
      <translation>损失至少要下降多少才算有进步。</translation>
    </message>
    <message>
      <source>Change its permissions.</source>
      <translation>请更改其权限。</translation>
    </message>
    <message>
      <source>Change the training settings</source>
      <translation>更改训练设置</translation>
    </message>
    <message>
      <source>Change {layer}</source>
      <translation>更改{layer}</translation>
    </message>
    <message>
      <source>Channels and filters are divided into so many groups; a filter reads only its own.</source>
      <translation>把通道和卷积核分成这么多组；每个卷积核只读取本组的通道。</translation>
    </message>
    <message>
      <source>Check its name and place, or use “{digits}”.</source>
      <translation>请检查其名称和位置，或使用“{digits}”。</translation>
    </message>
    <message>
      <source>Check its name and place.</source>
      <translation>请检查其名称和位置。</translation>
    </message>
    <message>
      <source>Check its name, place and permissions.</source>
      <translation>请检查其名称、位置和权限。</translation>
    </message>
    <message>
      <source>Choose a file that this program saved.</source>
      <translation>请选择由本程序保存的文件。</translation>
    </message>
    <message>
      <source>Choose a file that this program wrote.</source>
      <translation>请选择由本程序写出的文件。</translation>
    </message>
    <message>
      <source>Choose a folder with one sub-folder of pictures a class, a CSV table of pictures and labels, or MNIST's IDX files.</source>
      <translation>请选择每个类别一个图片子文件夹的文件夹、列出图片与标签的 CSV 表格，或 MNIST 的 IDX 文件。</translation>
    </message>
    <message>
      <source>Choose a smaller image size or fewer images.</source>
      <translation>请选择更小的图像尺寸或更少的图像。</translation>
    </message>
    <message>
      <source>Choose another place or name.</source>
      <translation>请另选位置或名称。</translation>
    </message>
    <message>
      <source>Choose one of the image files instead of the folder.</source>
      <translation>请选择其中一个图像文件，而不是文件夹。</translation>
    </message>
    <message>
      <source>Choose one of: {choices}.</source>
      <translation>请从中选择：{choices}。</translation>
    </message>
    <message>
      <source>Choose one of: {names}.</source>
      <translation>请从中选择：{names}。</translation>
    </message>
    <message>
      <source>Choose the folder that holds the class folders.</source>
      <translation>请选择包含各类别文件夹的文件夹。</translation>
    </message>
    <message>
      <source>Class weights</source>
      <translation>类别权重</translation>
    </message>
    <message>
      <source>Clip at</source>
      <translation>裁剪阈值</translation>
    </message>
    <message>
      <source>Clipping</source>
      <translation>梯度裁剪</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>颜色</translation>
    </message>
    <message>
      <source>Columns</source>
      <translation>列数</translation>
    </message>
    <message>
      <source>Columns cut off on the left.</source>
      <translation>左侧裁掉的列数。</translation>
    </message>
    <message>
      <source>Columns cut off on the right.</source>
      <translation>右侧裁掉的列数。</translation>
    </message>
    <message>
      <source>Columns of the image that comes out.</source>
      <translation>输出图像的列数。</translation>
    </message>
    <message>
      <source>Columns of zeros left of the image.</source>
      <translation>图像左侧的零列数。</translation>
    </message>
    <message>
      <source>Columns of zeros right of the image.</source>
      <translation>图像右侧的零列数。</translation>
    </message>
    <message>
      <source>Computing</source>
      <translation>计算</translation>
    </message>
    <message>
      <source>Concatenate</source>
      <translation>拼接</translation>
    </message>
    <message>
      <source>Connect</source>
      <translation>连接</translation>
    </message>
    <message>
      <source>Connect it to {source}</source>
      <translation>连接到 {source}</translation>
    </message>
    <message>
      <source>Convolution</source>
      <translation>卷积</translation>
    </message>
    <message>
      <source>Copy or download it again.</source>
      <translation>请重新复制或下载。</translation>
    </message>
    <message>
      <source>Crop</source>
      <translation>裁剪</translation>
    </message>
    <message>
      <source>Cropping</source>
      <translation>裁剪</translation>
    </message>
    <message>
      <source>Cropping cuts off {cut}, but the image is {size}.</source>
      <translation>裁剪要去掉 {cut}，而图像只有 {size}。</translation>
    </message>
    <message>
      <source>Cut off less</source>
      <translation>少裁一些</translation>
    </message>
    <message>
      <source>Cut-out</source>
      <translation>随机遮挡</translation>
    </message>
    <message>
      <source>Cuts off the border of the image, as much on each side as given, and learns nothing.</source>
      <translation>按给定的大小裁掉图像各边，不学习任何参数。</translation>
    </message>
    <message>
      <source>Decay of squares</source>
      <translation>平方的衰减率</translation>
    </message>
    <message>
      <source>Deep residual stack</source>
      <translation>深层残差网络</translation>
    </message>
    <message>
      <source>Deep sigmoid stack</source>
      <translation>深层 sigmoid 网络</translation>
    </message>
    <message>
      <source>Delete</source>
      <translation>删除</translation>
    </message>
    <message>
      <source>Dense</source>
      <translation>全连接</translation>
    </message>
    <message>
      <source>Dense needs a vector, but {given} arrives.</source>
      <translation>全连接层需要向量，但到来的是 {given}。</translation>
    </message>
    <message>
      <source>Depth α</source>
      <translation>深度 α</translation>
    </message>
    <message>
      <source>Deviation σ</source>
      <translation>标准差 σ</translation>
    </message>
    <message>
      <source>Dilation</source>
      <translation>空洞率</translation>
    </message>
    <message>
      <source>Disconnect</source>
      <translation>断开连接</translation>
    </message>
    <message>
      <source>Drawn digits</source>
      <translation>手绘数字</translation>
    </message>
    <message>
      <source>Drop probability p</source>
      <translation>丢弃概率 p</translation>
    </message>
    <message>
      <source>Dropout</source>
      <translation>Dropout</translation>
    </message>
    <message>
      <source>Duplicate</source>
      <translation>复制一份</translation>
    </message>
    <message>
      <source>ELU</source>
      <translation>ELU</translation>
    </message>
    <message>
      <source>Each channel holds rows × columns numbers, and none may be left over.</source>
      <translation>每个通道有 行数 × 列数 个数值，不能有剩余。</translation>
    </message>
    <message>
      <source>Each layer needs an id of its own.</source>
      <translation>每一层都要有自己的标识。</translation>
    </message>
    <message>
      <source>Early stopping</source>
      <translation>提前停止</translation>
    </message>
    <message>
      <source>Ends with the weights of the epoch that had the lowest validation loss.</source>
      <translation>结束时采用验证损失最低的那一轮的权重。</translation>
    </message>
    <message>
      <source>Epochs</source>
      <translation>轮数</translation>
    </message>
    <message>
      <source>Epsilon ε</source>
      <translation>ε</translation>
    </message>
    <message>
      <source>Every</source>
      <translation>每隔</translation>
    </message>
    <message>
      <source>Every group gets as many channels, and as many filters, as every other.</source>
      <translation>每一组的通道数相同，卷积核数也相同。</translation>
    </message>
    <message>
      <source>Every picture is brought to this size. Automatic takes their usual size, at most 64.</source>
      <translation>每张图片都会缩放到这个尺寸。“自动”取图片的常见尺寸，最大为 64。</translation>
    </message>
    <message>
      <source>Every unit reads every input: y = W·x + b, then the activation if one is chosen.</source>
      <translation>每个单元读取全部输入：y = W·x + b，然后是所选的激活函数。</translation>
    </message>
    <message>
      <source>Exponential linear unit: y = x for x &gt; 0, else α·(eˣ − 1). Below 0 it bends smoothly towards −α.</source>
      <translation>指数线性单元：x &gt; 0 时 y = x，否则 y = α·(eˣ − 1)。在 0 以下平滑地趋向 −α。</translation>
    </message>
    <message>
      <source>Export as safetensors, and report this: it is a mistake of this program.</source>
      <translation>请导出为 safetensors，并报告此问题：这是本程序的错误。</translation>
    </message>
    <message>
      <source>Export as safetensors, or make the network smaller.</source>
      <translation>请导出为 safetensors，或缩小网络。</translation>
    </message>
    <message>
      <source>Exported {name}.</source>
      <translation>已导出 {name}。</translation>
    </message>
    <message>
      <source>Exporting {name}</source>
      <translation>正在导出 {name}</translation>
    </message>
    <message>
      <source>Factor</source>
      <translation>倍数</translation>
    </message>
    <message>
      <source>Factor γ</source>
      <translation>系数 γ</translation>
    </message>
    <message>
      <source>Filters</source>
      <translation>卷积核</translation>
    </message>
    <message>
      <source>Fixes initial weights, shuffling and dropout. The same seed gives the same training.</source>
      <translation>固定初始权重、打乱顺序和 Dropout。种子相同，训练就相同。</translation>
    </message>
    <message>
      <source>Flatten</source>
      <translation>展平</translation>
    </message>
    <message>
      <source>Flip</source>
      <translation>左右翻转</translation>
    </message>
    <message>
      <source>Flip upside down</source>
      <translation>上下翻转</translation>
    </message>
    <message>
      <source>GELU</source>
      <translation>GELU</translation>
    </message>
    <message>
      <source>Gaussian error linear unit: y = x·Φ(x), Φ being the distribution function of the normal distribution.</source>
      <translation>高斯误差线性单元：y = x·Φ(x)，Φ 是正态分布的分布函数。</translation>
    </message>
    <message>
      <source>Gaussian noise</source>
      <translation>高斯噪声</translation>
    </message>
    <message>
      <source>Give 1 (grey) or 3 (colour).</source>
      <translation>请给出 1（灰度）或 3（彩色）。</translation>
    </message>
    <message>
      <source>Give a file name and a label in each line: cat1.png,cat – or cat1.png,3.5.</source>
      <translation>每一行写一个文件名和一个标签：cat1.png,cat，或 cat1.png,3.5。</translation>
    </message>
    <message>
      <source>Give a fraction from 0 to below 1, such as 0.1.</source>
      <translation>请给出从 0 到小于 1 的比例，例如 0.1。</translation>
    </message>
    <message>
      <source>Give a height and a width from 1 to {limit}.</source>
      <translation>请给出 1 到 {limit} 的高度和宽度。</translation>
    </message>
    <message>
      <source>Give a layer with its settings, such as Dense(10).</source>
      <translation>请给出带设置的层，例如 Dense(10)。</translation>
    </message>
    <message>
      <source>Give a number from 10 to {limit}.</source>
      <translation>请给出 10 到 {limit} 的数。</translation>
    </message>
    <message>
      <source>Give a value from {low} to {high}.</source>
      <translation>请给出 {low} 到 {high} 的值。</translation>
    </message>
    <message>
      <source>Give a whole number from 0 upwards.</source>
      <translation>请给出不小于 0 的整数。</translation>
    </message>
    <message>
      <source>Give a whole number from {low} to {high}.</source>
      <translation>请给出从 {low} 到 {high} 的整数。</translation>
    </message>
    <message>
      <source>Give an array of images, channels, rows, columns.</source>
      <translation>请给出由图像、通道、行、列组成的数组。</translation>
    </message>
    <message>
      <source>Give an array of images, rows, columns, channels.</source>
      <translation>请给出按图像、行、列、通道排列的数组。</translation>
    </message>
    <message>
      <source>Give an array of whole numbers or decimal numbers.</source>
      <translation>请给出整数或小数的数组。</translation>
    </message>
    <message>
      <source>Give an array of {wanted}.</source>
      <translation>请给出 {wanted} 的数组。</translation>
    </message>
    <message>
      <source>Give an array with a row of numbers for each example.</source>
      <translation>请给出一个数组，每个样本一行数。</translation>
    </message>
    <message>
      <source>Give at least one image to look at.</source>
      <translation>请至少给出一张要看的图像。</translation>
    </message>
    <message>
      <source>Give at least {low}.</source>
      <translation>请至少给出 {low}。</translation>
    </message>
    <message>
      <source>Give each class a name of its own.</source>
      <translation>请给每个类别一个自己的名称。</translation>
    </message>
    <message>
      <source>Give fewer images at once, or make them or the network smaller.</source>
      <translation>请一次少给一些图像，或缩小图像或网络。</translation>
    </message>
    <message>
      <source>Give finite numbers that {kind} can hold.</source>
      <translation>请给出 {kind} 能表示的有限数。</translation>
    </message>
    <message>
      <source>Give fractions that add up to less than 1.</source>
      <translation>请给出总和小于 1 的比例。</translation>
    </message>
    <message>
      <source>Give it an input of rows, columns and channels.</source>
      <translation>请给它一个由行、列和通道组成的输入。</translation>
    </message>
    <message>
      <source>Give it fewer units or filters, or let it read fewer numbers.</source>
      <translation>请减少它的单元或滤波器，或让它读取更少的数。</translation>
    </message>
    <message>
      <source>Give one label per image, and at least one image.</source>
      <translation>请为每张图像给出一个标签，并至少给出一张图像。</translation>
    </message>
    <message>
      <source>Give one mean and one deviation above 0 for each of 1 or 3 channels.</source>
      <translation>请为 1 个或 3 个通道各给出一个均值和一个大于 0 的标准差。</translation>
    </message>
    <message>
      <source>Give one whole number per image: the number of its class.</source>
      <translation>请为每张图像给出一个整数：它的类别编号。</translation>
    </message>
    <message>
      <source>Give rows, columns and channels, or a number of features: each at least 1.</source>
      <translation>请给出行数、列数和通道数，或特征数：每个至少为 1。</translation>
    </message>
    <message>
      <source>Give the name of a picture beside the table and its label in each line.</source>
      <translation>请在每一行给出表格旁一张图片的文件名和它的标签。</translation>
    </message>
    <message>
      <source>Give {wanted}.</source>
      <translation>请给出{wanted}。</translation>
    </message>
    <message>
      <source>Global average pooling</source>
      <translation>全局平均池化</translation>
    </message>
    <message>
      <source>Global max pooling</source>
      <translation>全局最大池化</translation>
    </message>
    <message>
      <source>Go on from the last saved state, with smaller batches or with 1 thread.</source>
      <translation>请从上次保存的状态继续，并使用更小的批量或 1 个线程。</translation>
    </message>
    <message>
      <source>Gradient</source>
      <translation>梯度</translation>
    </message>
    <message>
      <source>Grey has one channel, colour has three. Automatic keeps what the pictures have.</source>
      <translation>灰度有一个通道，彩色有三个。“自动”保持图片原样。</translation>
    </message>
    <message>
      <source>Groups</source>
      <translation>分组数</translation>
    </message>
    <message>
      <source>Half of the images are mirrored, left to right. Not for letters and digits.</source>
      <translation>一半的图像左右镜像。不适用于字母和数字。</translation>
    </message>
    <message>
      <source>Half of the images are turned upside down.</source>
      <translation>一半的图像上下颠倒。</translation>
    </message>
    <message>
      <source>Hard sigmoid</source>
      <translation>Hard sigmoid</translation>
    </message>
    <message>
      <source>He suits ReLU, Xavier suits tanh and sigmoid, LeCun suits SELU. With zeros all units stay alike and nothing is learned.</source>
      <translation>He 适合 ReLU，Xavier 适合 tanh 和 sigmoid，LeCun 适合 SELU。全部为零时所有单元始终相同，什么也学不到。</translation>
    </message>
    <message>
      <source>He, normal</source>
      <translation>He，正态</translation>
    </message>
    <message>
      <source>He, uniform</source>
      <translation>He，均匀</translation>
    </message>
    <message>
      <source>How far apart in the output neighbours of the input are placed.</source>
      <translation>输入中相邻的像素在输出中相隔多远。</translation>
    </message>
    <message>
      <source>How far apart neighbouring weights of the kernel look; 1 leaves no gaps.</source>
      <translation>卷积核中相邻权重所看像素的间隔；1 表示没有空隙。</translation>
    </message>
    <message>
      <source>How far below 0 it goes for very negative x.</source>
      <translation>x 很小（负得很多）时，输出最低降到 0 以下多少。</translation>
    </message>
    <message>
      <source>How far each step follows the gradient. Too small: slow. Too large: the loss explodes. Adam wants about a tenth of what momentum does.</source>
      <translation>每一步沿梯度走多远。太小则慢，太大则损失爆炸。Adam 大约只需动量法的十分之一。</translation>
    </message>
    <message>
      <source>How far the window moves between two outputs.</source>
      <translation>相邻两个输出之间窗口移动多远。</translation>
    </message>
    <message>
      <source>How far the window moves between two outputs; as far as it is wide, if not given.</source>
      <translation>相邻两个输出之间窗口移动多远；未给出时与窗口同宽。</translation>
    </message>
    <message>
      <source>How large the noise is; normalised images have deviation 1 themselves.</source>
      <translation>噪声有多大；归一化后的图像本身标准差为 1。</translation>
    </message>
    <message>
      <source>How many digits are drawn. More take longer and teach more.</source>
      <translation>画多少个数字。越多越费时，学到的也越多。</translation>
    </message>
    <message>
      <source>How many kernels, and so how many feature maps.</source>
      <translation>有多少个卷积核，也就有多少个特征图。</translation>
    </message>
    <message>
      <source>How many outputs. The last dense layer needs one per class.</source>
      <translation>有多少个输出。最后一个全连接层需要每个类别一个。</translation>
    </message>
    <message>
      <source>How many times as many rows and columns come out.</source>
      <translation>输出的行数和列数是输入的多少倍。</translation>
    </message>
    <message>
      <source>How many times every training image is seen.</source>
      <translation>每张训练图像被看多少次。</translation>
    </message>
    <message>
      <source>Hyperbolic tangent: y = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), from −1 to 1. Its slope 1 − y² is at most 1.</source>
      <translation>双曲正切：y = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)，从 −1 到 1。其斜率 1 − y² 不超过 1。</translation>
    </message>
    <message>
      <source>Image size</source>
      <translation>图像尺寸</translation>
    </message>
    <message>
      <source>Images</source>
      <translation>图像</translation>
    </message>
    <message>
      <source>Images are joined along their channels, but {shapes} arrive.</source>
      <translation>图像沿通道拼接，但输入是 {shapes}。</translation>
    </message>
    <message>
      <source>Images are moved by up to this share of their size, anew in every epoch.</source>
      <translation>图像最多平移其尺寸的这一比例，每一轮重新抽取。</translation>
    </message>
    <message>
      <source>Images kept apart to see, after each epoch, how well training goes.</source>
      <translation>留出的图像，用来在每轮之后查看训练效果。</translation>
    </message>
    <message>
      <source>Images per step: 1 is noisy and slow, the whole set (0) smooth and slow to learn, 32–256 a good middle.</source>
      <translation>每一步的图像数：1 噪声大而慢，整个训练集（0）平滑但学得慢，32–256 是好的折中。</translation>
    </message>
    <message>
      <source>Images that training never sees; they judge the finished network.</source>
      <translation>训练从不接触的图像，用来评判训练好的网络。</translation>
    </message>
    <message>
      <source>In training, adds to each number a random one of mean 0 and deviation σ, anew in each step.</source>
      <translation>训练时给每个数加上一个均值为 0、标准差为 σ 的随机数，每一步重新抽取。</translation>
    </message>
    <message>
      <source>In training, sets each value to 0 with probability p and multiplies the others by 1/(1 − p).</source>
      <translation>训练时以概率 p 把每个值置为 0，其余的值乘以 1/(1 − p)。</translation>
    </message>
    <message>
      <source>In training, sets whole channels of an image to 0 with probability p, and multiplies the others by 1/(1 − p).</source>
      <translation>训练时以概率 p 将图像的整个通道置为 0，其余通道乘以 1/(1 − p)。</translation>
    </message>
    <message>
      <source>Initial size</source>
      <translation>初始大小</translation>
    </message>
    <message>
      <source>Initial weights</source>
      <translation>初始权重</translation>
    </message>
    <message>
      <source>Input</source>
      <translation>输入</translation>
    </message>
    <message>
      <source>Insert Flatten</source>
      <translation>插入展平层</translation>
    </message>
    <message>
      <source>Insert {layer}</source>
      <translation>插入{layer}</translation>
    </message>
    <message>
      <source>Install nnstudio again, or start it from a complete checkout.</source>
      <translation>请重新安装 nnstudio，或从完整的源代码启动。</translation>
    </message>
    <message>
      <source>It begins with {found}, but an IDX file of {kind} begins with {magic}.</source>
      <translation>它以 {found} 开头，而{kind}的 IDX 文件应以 {magic} 开头。</translation>
    </message>
    <message>
      <source>It cannot be opened ({detail}).</source>
      <translation>无法打开（{detail}）。</translation>
    </message>
    <message>
      <source>It cannot be read ({detail}).</source>
      <translation>无法读取（{detail}）。</translation>
    </message>
    <message>
      <source>It cannot be written ({detail}).</source>
      <translation>无法写入（{detail}）。</translation>
    </message>
    <message>
      <source>It compares the numbers as they are, before they are made probabilities.</source>
      <translation>它直接比较这些数，不先变成概率。</translation>
    </message>
    <message>
      <source>It does not describe a network ({detail}).</source>
      <translation>它描述的不是网络（{detail}）。</translation>
    </message>
    <message>
      <source>It ended in the middle of the work; the system may have run out of memory.</source>
      <translation>它在计算途中退出了；系统内存可能已耗尽。</translation>
    </message>
    <message>
      <source>It gives images for validation or testing, but none for training.</source>
      <translation>它给出了验证或测试用的图像，却没有训练用的图像。</translation>
    </message>
    <message>
      <source>It gives {given} answers, but the data has {classes} classes.</source>
      <translation>它给出 {given} 个答案，但数据有 {classes} 个类别。</translation>
    </message>
    <message>
      <source>It goes on after the {wanted} bytes that its header announces.</source>
      <translation>在文件头声明的 {wanted} 个字节之后还有内容。</translation>
    </message>
    <message>
      <source>It has images of one class only, “{label}”.</source>
      <translation>它只有一个类别“{label}”的图像。</translation>
    </message>
    <message>
      <source>It has images of “{unknown}”, which is not among the classes {classes}.</source>
      <translation>它含有“{unknown}”的图像，而类别 {classes} 中没有它。</translation>
    </message>
    <message>
      <source>It has no layers.</source>
      <translation>它没有任何层。</translation>
    </message>
    <message>
      <source>It has no lines.</source>
      <translation>表格里没有任何行。</translation>
    </message>
    <message>
      <source>It has no setting called {names}.</source>
      <translation>它没有名为 {names} 的设置。</translation>
    </message>
    <message>
      <source>It has pictures of one class only, “{label}”.</source>
      <translation>它只有一个类别“{label}”的图片。</translation>
    </message>
    <message>
      <source>It has {count} entries; a file name and a label are needed.</source>
      <translation>这里有 {count} 项；需要一个文件名和一个标签。</translation>
    </message>
    <message>
      <source>It has {count} weights; the network needs {needed} MB of memory for them, and {free} MB are free.</source>
      <translation>它有 {count} 个权重；网络为所有权重需要 {needed} MB 内存，而空闲的只有 {free} MB。</translation>
    </message>
    <message>
      <source>It has {labelled} labels, but {images} has {count} images.</source>
      <translation>它有 {labelled} 个标签，但 {images} 有 {count} 张图像。</translation>
    </message>
    <message>
      <source>It has {means} means and {deviations} deviations.</source>
      <translation>它有 {means} 个均值和 {deviations} 个标准差。</translation>
    </message>
    <message>
      <source>It holds IDX labels, but no images.</source>
      <translation>它含有 IDX 标签，但没有图像。</translation>
    </message>
    <message>
      <source>It holds no class folders and no data set files.</source>
      <translation>它不含类别文件夹，也不含数据集文件。</translation>
    </message>
    <message>
      <source>It holds several data sets: {first} and {second}.</source>
      <translation>它含有多个数据集：{first} 和 {second}。</translation>
    </message>
    <message>
      <source>It holds zero bytes: it is no text.</source>
      <translation>文件里有零字节：它不是文本。</translation>
    </message>
    <message>
      <source>It holds {count} pictures, but no class folders.</source>
      <translation>它含有 {count} 张图片，但没有类别文件夹。</translation>
    </message>
    <message>
      <source>It holds {kind}, not an array of numbers.</source>
      <translation>它的内容是 {kind}，不是数的数组。</translation>
    </message>
    <message>
      <source>It holds {value} at {place}.</source>
      <translation>它在 {place} 处是 {value}。</translation>
    </message>
    <message>
      <source>It is a folder, not a picture.</source>
      <translation>它是文件夹，不是图片。</translation>
    </message>
    <message>
      <source>It is a folder, not a project.</source>
      <translation>它是文件夹，不是项目。</translation>
    </message>
    <message>
      <source>It is a link to a folder that it lies in.</source>
      <translation>它是一个链接，指向它所在的文件夹。</translation>
    </message>
    <message>
      <source>It is a single picture, not a data set.</source>
      <translation>它是一张单独的图片，不是数据集。</translation>
    </message>
    <message>
      <source>It is cut off: {found} bytes are there, {wanted} are announced.</source>
      <translation>它被截断了：只有 {found} 个字节，而声明的是 {wanted} 个。</translation>
    </message>
    <message>
      <source>It is damaged: {detail}.</source>
      <translation>它已损坏：{detail}。</translation>
    </message>
    <message>
      <source>It is for {channels} channels, but the images are {shape}.</source>
      <translation>它适用于 {channels} 个通道，但图像是 {shape}。</translation>
    </message>
    <message>
      <source>It is larger than {limit} MB.</source>
      <translation>文件大于 {limit} MB。</translation>
    </message>
    <message>
      <source>It is no table ({detail}).</source>
      <translation>这不是表格（{detail}）。</translation>
    </message>
    <message>
      <source>It is not UTF-8 text (byte {place}).</source>
      <translation>这不是 UTF-8 文本（第 {place} 字节）。</translation>
    </message>
    <message>
      <source>It is not a data set of a known kind.</source>
      <translation>它不是已知类型的数据集。</translation>
    </message>
    <message>
      <source>It is not a picture in a known format, or its beginning is damaged.</source>
      <translation>它不是已知格式的图片，或其开头已损坏。</translation>
    </message>
    <message>
      <source>It is not an nnstudio project.</source>
      <translation>它不是 nnstudio 项目。</translation>
    </message>
    <message>
      <source>It is not an ordinary file, or a link to nowhere.</source>
      <translation>它不是普通文件，或是一个失效的链接。</translation>
    </message>
    <message>
      <source>It lies outside the class folders.</source>
      <translation>它在类别文件夹之外。</translation>
    </message>
    <message>
      <source>It needs exactly {names}.</source>
      <translation>它恰好需要 {names}。</translation>
    </message>
    <message>
      <source>It needs exactly “mean” and “deviation”.</source>
      <translation>它恰好需要“mean”和“deviation”。</translation>
    </message>
    <message>
      <source>It needs layers between input and output.</source>
      <translation>输入和输出之间需要有层。</translation>
    </message>
    <message>
      <source>It reads one row of numbers; rows, columns and channels must be laid out first.</source>
      <translation>它读取一行数；必须先把行、列和通道展平。</translation>
    </message>
    <message>
      <source>It reads the output layer.</source>
      <translation>它读取的是输出层。</translation>
    </message>
    <message>
      <source>It reads {needed} or more; so far it has {given}. Draw a wire to it from another block.</source>
      <translation>它需要至少 {needed} 个输入，现在有 {given} 个。请从另一个方块拉一条线过来。</translation>
    </message>
    <message>
      <source>It reads {needed}; it has {given}.</source>
      <translation>它要读取 {needed} 个输入，现在有 {given} 个。</translation>
    </message>
    <message>
      <source>It reads {source}, which is not in the network.</source>
      <translation>它读取 {source}，而网络中没有它。</translation>
    </message>
    <message>
      <source>It stopped within an epoch after {position} images, but there are {count}.</source>
      <translation>它在一轮之中停在第 {position} 张图像之后，而图像只有 {count} 张。</translation>
    </message>
    <message>
      <source>It was saved in format {format}; this is nnstudio {here}, which reads format {known}.</source>
      <translation>它以格式 {format} 保存；这里是 nnstudio {here}，能读取格式 {known}。</translation>
    </message>
    <message>
      <source>It works number by number, so each input must have the same numbers of everything.</source>
      <translation>它逐个数值地计算，所以所有输入的形状必须相同。</translation>
    </message>
    <message>
      <source>Its ending is not one of a picture: {endings}.</source>
      <translation>其扩展名不是图片的扩展名：{endings}。</translation>
    </message>
    <message>
      <source>Its folders hold no pictures.</source>
      <translation>其文件夹中没有图片。</translation>
    </message>
    <message>
      <source>Its header announces {sizes}: no images.</source>
      <translation>其文件头声明 {sizes}：没有图像。</translation>
    </message>
    <message>
      <source>Its images are {given}, those of {other} are {wanted}.</source>
      <translation>其图像为 {given}，而 {other} 的图像为 {wanted}。</translation>
    </message>
    <message>
      <source>Its means {mean} and deviations {deviation} cannot be computed with.</source>
      <translation>其均值 {mean} 和标准差 {deviation} 无法用于计算。</translation>
    </message>
    <message>
      <source>Its name is not possible.</source>
      <translation>其名称不可用。</translation>
    </message>
    <message>
      <source>Its output leads nowhere, so it can learn nothing.</source>
      <translation>它的输出没有去处，所以什么也学不到。</translation>
    </message>
    <message>
      <source>Its pixels are floating-point numbers, whose black and white are not known.</source>
      <translation>其像素是浮点数，不知道黑和白各是多少。</translation>
    </message>
    <message>
      <source>Its pixels run from {low} to {high}, outside 16 bits.</source>
      <translation>其像素值从 {low} 到 {high}，超出 16 位。</translation>
    </message>
    <message>
      <source>Its shape {value} does not fit.</source>
      <translation>它的形状 {value} 不合适。</translation>
    </message>
    <message>
      <source>Its {name} is {value}.</source>
      <translation>其 {name} 为 {value}。</translation>
    </message>
    <message>
      <source>Keep files of one data set in a folder.</source>
      <translation>请把同一数据集的文件放在一个文件夹里。</translation>
    </message>
    <message>
      <source>Keep the best</source>
      <translation>保留最佳</translation>
    </message>
    <message>
      <source>Keep the first wire</source>
      <translation>保留第一条连线</translation>
    </message>
    <message>
      <source>Keeps a gradient from exploding. by value: each number. by norm: each layer's weights as a whole. by global norm: all together, which keeps the direction.</source>
      <translation>防止梯度爆炸。按值：逐个数值；按范数：每组权重作为整体；按全局范数：全部一起，方向保持不变。</translation>
    </message>
    <message>
      <source>Keeps the largest value of each window, channel by channel; it learns nothing.</source>
      <translation>逐个通道保留每个窗口中的最大值；它什么也不学习。</translation>
    </message>
    <message>
      <source>Keeps the mean of each window, channel by channel; it learns nothing.</source>
      <translation>逐通道保留每个窗口的平均值；不学习任何参数。</translation>
    </message>
    <message>
      <source>Kernel</source>
      <translation>卷积核大小</translation>
    </message>
    <message>
      <source>L1 penalty λ</source>
      <translation>L1 惩罚 λ</translation>
    </message>
    <message>
      <source>L2 penalty λ</source>
      <translation>L2 惩罚 λ</translation>
    </message>
    <message>
      <source>Label smoothing ε</source>
      <translation>标签平滑 ε</translation>
    </message>
    <message>
      <source>Labels are class numbers from 0 to {last}.</source>
      <translation>标签是 0 到 {last} 的类别编号。</translation>
    </message>
    <message>
      <source>Layer normalisation</source>
      <translation>层归一化</translation>
    </message>
    <message>
      <source>Lays all values of the image out in one row, so that a dense layer can read them.</source>
      <translation>把图像的所有值排成一行，供全连接层读取。</translation>
    </message>
    <message>
      <source>Lays the same numbers out as an image of the rows and columns given; it learns nothing.</source>
      <translation>把同样的数值排成给定行数和列数的图像；不学习任何参数。</translation>
    </message>
    <message>
      <source>LeCun, normal</source>
      <translation>LeCun，正态</translation>
    </message>
    <message>
      <source>LeCun, uniform</source>
      <translation>LeCun，均匀</translation>
    </message>
    <message>
      <source>LeNet-5</source>
      <translation>LeNet-5</translation>
    </message>
    <message>
      <source>Leaky ReLU</source>
      <translation>Leaky ReLU</translation>
    </message>
    <message>
      <source>Learning rate</source>
      <translation>学习率</translation>
    </message>
    <message>
      <source>Learning rate over time</source>
      <translation>学习率的变化</translation>
    </message>
    <message>
      <source>Least progress</source>
      <translation>最小进步</translation>
    </message>
    <message>
      <source>Left</source>
      <translation>左</translation>
    </message>
    <message>
      <source>Load images</source>
      <translation>加载图像</translation>
    </message>
    <message>
      <source>Load the data set again.</source>
      <translation>请重新加载数据集。</translation>
    </message>
    <message>
      <source>Load the images with {channels} channels.</source>
      <translation>请以 {channels} 个通道加载图像。</translation>
    </message>
    <message>
      <source>Load weights that were saved with this network.</source>
      <translation>请加载与这个网络一起保存的权重。</translation>
    </message>
    <message>
      <source>Loaded {count} images in {classes} classes.</source>
      <translation>已加载 {count} 张图像，共 {classes} 个类别。</translation>
    </message>
    <message>
      <source>Loaded {count} images with numbers from {low} to {high}.</source>
      <translation>已加载 {count} 张图像，标签为 {low} 到 {high} 之间的数值。</translation>
    </message>
    <message>
      <source>Loading {name}</source>
      <translation>正在加载 {name}</translation>
    </message>
    <message>
      <source>Logistic sigmoid: y = 1/(1 + e⁻ˣ), from 0 to 1. Its slope y·(1 − y) is at most ¼: deep stacks of it stop learning.</source>
      <translation>逻辑 Sigmoid：y = 1/(1 + e⁻ˣ)，从 0 到 1。其斜率 y·(1 − y) 不超过 ¼：叠得很深就学不动了。</translation>
    </message>
    <message>
      <source>Loss</source>
      <translation>损失</translation>
    </message>
    <message>
      <source>Made darker or brighter by up to this share.</source>
      <translation>最多变暗或变亮这一比例。</translation>
    </message>
    <message>
      <source>Made smaller or larger by up to this share.</source>
      <translation>最多缩小或放大这一比例。</translation>
    </message>
    <message>
      <source>Make the batch smaller; with Accumulate several of them make one step all the same.</source>
      <translation>请减小批次；用“累积”仍可让几个批次合成一步。</translation>
    </message>
    <message>
      <source>Make the other parts smaller.</source>
      <translation>请缩小其他部分。</translation>
    </message>
    <message>
      <source>Makes each image larger by a whole factor; it learns nothing.</source>
      <translation>把每幅图像放大整数倍；不学习任何参数。</translation>
    </message>
    <message>
      <source>Max pooling</source>
      <translation>最大池化</translation>
    </message>
    <message>
      <source>Merge</source>
      <translation>合并</translation>
    </message>
    <message>
      <source>Method</source>
      <translation>方法</translation>
    </message>
    <message>
      <source>Momentum</source>
      <translation>动量</translation>
    </message>
    <message>
      <source>Move</source>
      <translation>移动</translation>
    </message>
    <message>
      <source>Move {layer}</source>
      <translation>移动{layer}</translation>
    </message>
    <message>
      <source>Multiply</source>
      <translation>相乘</translation>
    </message>
    <message>
      <source>Name a picture file.</source>
      <translation>请指定一个图片文件。</translation>
    </message>
    <message>
      <source>Nesterov</source>
      <translation>Nesterov</translation>
    </message>
    <message>
      <source>Nine residual blocks: twenty layers deep, and yet it learns.</source>
      <translation>九个残差块：深达二十层，仍然学得会。</translation>
    </message>
    <message>
      <source>No images are left for training.</source>
      <translation>没有留下用于训练的图像。</translation>
    </message>
    <message>
      <source>None of its files can be used; the first of {count}, {file}: {reason}</source>
      <translation>其中没有可用的文件；共 {count} 个，第一个 {file}：{reason}</translation>
    </message>
    <message>
      <source>Normalisation</source>
      <translation>归一化</translation>
    </message>
    <message>
      <source>Nothing is connected to this layer's input.</source>
      <translation>这一层的输入没有连接。</translation>
    </message>
    <message>
      <source>Nothing reads this layer, so the network has two ends: it and {other}.</source>
      <translation>没有层读取这一层，因此网络有两个末端：它和 {other}。</translation>
    </message>
    <message>
      <source>Nothing reads this layer.</source>
      <translation>没有层读取这一层。</translation>
    </message>
    <message>
      <source>Only what the network reads may be called {id}.</source>
      <translation>只有网络的输入可以叫做 {id}。</translation>
    </message>
    <message>
      <source>Open another copy of it.</source>
      <translation>请打开它的另一份副本。</translation>
    </message>
    <message>
      <source>Open it in a picture viewer and save it again, or leave it out.</source>
      <translation>请用看图程序打开并重新保存，或不使用它。</translation>
    </message>
    <message>
      <source>Open it with nnstudio {version} or newer.</source>
      <translation>请用 nnstudio {version} 或更新的版本打开。</translation>
    </message>
    <message>
      <source>Open the file with the version of the program that wrote it.</source>
      <translation>请用写出该文件的程序版本打开。</translation>
    </message>
    <message>
      <source>Open the version before it: {file}.</source>
      <translation>请打开它之前的版本：{file}。</translation>
    </message>
    <message>
      <source>Opening {name}</source>
      <translation>正在打开 {name}</translation>
    </message>
    <message>
      <source>Optimiser</source>
      <translation>优化器</translation>
    </message>
    <message>
      <source>Output</source>
      <translation>输出</translation>
    </message>
    <message>
      <source>Over so many epochs the learning rate rises from 0, which spares a deep network's start.</source>
      <translation>在这么多轮内学习率从 0 逐渐升高，使深层网络平稳起步。</translation>
    </message>
    <message>
      <source>Pad less</source>
      <translation>减少填充</translation>
    </message>
    <message>
      <source>Padding</source>
      <translation>填充</translation>
    </message>
    <message>
      <source>Padding of {padding} is not smaller than the window of {window}.</source>
      <translation>填充 {padding} 不小于窗口 {window}。</translation>
    </message>
    <message>
      <source>Pairs of 3×3 convolutions, pooled twice, and a dense layer.</source>
      <translation>成对的 3×3 卷积，池化两次，再接一个全连接层。</translation>
    </message>
    <message>
      <source>Perceptron</source>
      <translation>感知机</translation>
    </message>
    <message>
      <source>Pooling</source>
      <translation>池化</translation>
    </message>
    <message>
      <source>Processor cores to use; 0 uses all of them, at most 8.</source>
      <translation>使用的处理器核心数；0 表示全部使用，最多 8 个。</translation>
    </message>
    <message>
      <source>Put PNG, JPEG, BMP, GIF, WebP or TIFF pictures into the class folders.</source>
      <translation>请把 PNG、JPEG、BMP、GIF、WebP 或 TIFF 图片放进各类别的文件夹。</translation>
    </message>
    <message>
      <source>Put the file {name} beside them.</source>
      <translation>请把文件 {name} 放在它们旁边。</translation>
    </message>
    <message>
      <source>Put the file {name} into the same folder.</source>
      <translation>请把文件 {name} 放进同一个文件夹。</translation>
    </message>
    <message>
      <source>Put the pictures of each class into a folder of its own, named after the class.</source>
      <translation>请把每个类别的图片放进各自的文件夹，并以类别命名。</translation>
    </message>
    <message>
      <source>Put {layer} in its place</source>
      <translation>换成 {layer}</translation>
    </message>
    <message>
      <source>RMSProp</source>
      <translation>RMSProp</translation>
    </message>
    <message>
      <source>ReLU</source>
      <translation>ReLU</translation>
    </message>
    <message>
      <source>ReLU that lets a little through: y = x for x &gt; 0, else α·x. No unit dies, as its slope is never 0.</source>
      <translation>让少量信号通过的 ReLU：x &gt; 0 时 y = x，否则 y = α·x。斜率从不为 0，因此没有单元会失活。</translation>
    </message>
    <message>
      <source>Read {given} images</source>
      <translation>读取 {given} 的图像</translation>
    </message>
    <message>
      <source>Reading the weights</source>
      <translation>读取权重</translation>
    </message>
    <message>
      <source>Reading {name}</source>
      <translation>正在读取 {name}</translation>
    </message>
    <message>
      <source>Rectified linear unit: y = max(0, x). Its slope is 1 or 0, so gradients do not shrink with depth.</source>
      <translation>线性整流单元：y = max(0, x)。其斜率为 1 或 0，所以梯度不会随深度缩小。</translation>
    </message>
    <message>
      <source>Regularisation</source>
      <translation>正则化</translation>
    </message>
    <message>
      <source>Remove the wire from {source}</source>
      <translation>移除来自 {source} 的连线</translation>
    </message>
    <message>
      <source>Remove this layer</source>
      <translation>移除这一层</translation>
    </message>
    <message>
      <source>ResNet-20</source>
      <translation>ResNet-20</translation>
    </message>
    <message>
      <source>ResNet-8</source>
      <translation>ResNet-8</translation>
    </message>
    <message>
      <source>Reshape</source>
      <translation>重塑</translation>
    </message>
    <message>
      <source>Right</source>
      <translation>右</translation>
    </message>
    <message>
      <source>Rotate</source>
      <translation>旋转</translation>
    </message>
    <message>
      <source>Rows</source>
      <translation>行数</translation>
    </message>
    <message>
      <source>Rows and columns of the window that a filter sees.</source>
      <translation>卷积核所见窗口的行数和列数。</translation>
    </message>
    <message>
      <source>Rows and columns of which the largest value is kept.</source>
      <translation>取最大值的窗口的行数和列数。</translation>
    </message>
    <message>
      <source>Rows and columns that one pixel of the input adds to.</source>
      <translation>输入的一个像素所累加到的行数和列数。</translation>
    </message>
    <message>
      <source>Rows and columns whose mean is kept.</source>
      <translation>取平均值的行数和列数。</translation>
    </message>
    <message>
      <source>Rows cut off above.</source>
      <translation>上方裁掉的行数。</translation>
    </message>
    <message>
      <source>Rows cut off below.</source>
      <translation>下方裁掉的行数。</translation>
    </message>
    <message>
      <source>Rows of the image that comes out.</source>
      <translation>输出图像的行数。</translation>
    </message>
    <message>
      <source>Rows of zeros above the image.</source>
      <translation>图像上方的零行数。</translation>
    </message>
    <message>
      <source>Rows of zeros below the image.</source>
      <translation>图像下方的零行数。</translation>
    </message>
    <message>
      <source>Rows or columns added on this side.</source>
      <translation>在这一侧添加的行数或列数。</translation>
    </message>
    <message>
      <source>Rows, columns and channels must be the same.</source>
      <translation>行数、列数和通道数必须相同。</translation>
    </message>
    <message>
      <source>SELU</source>
      <translation>SELU</translation>
    </message>
    <message>
      <source>SGD</source>
      <translation>SGD</translation>
    </message>
    <message>
      <source>Save it smaller.</source>
      <translation>请以更小的尺寸保存。</translation>
    </message>
    <message>
      <source>Save it with 8 or 16 bits a pixel.</source>
      <translation>请以每像素 8 位或 16 位保存。</translation>
    </message>
    <message>
      <source>Save the table as CSV in UTF-8.</source>
      <translation>请将表格另存为 UTF-8 编码的 CSV。</translation>
    </message>
    <message>
      <source>Saved {name}.</source>
      <translation>已保存 {name}。</translation>
    </message>
    <message>
      <source>Saving {name}</source>
      <translation>正在保存 {name}</translation>
    </message>
    <message>
      <source>Scale</source>
      <translation>缩放</translation>
    </message>
    <message>
      <source>Schedule</source>
      <translation>变化方式</translation>
    </message>
    <message>
      <source>Seed</source>
      <translation>种子</translation>
    </message>
    <message>
      <source>Self-normalising ELU: y = λ·x for x &gt; 0, else λ·α·(eˣ − 1), with λ ≈ 1.0507 and α ≈ 1.6733.</source>
      <translation>自归一化的 ELU：x &gt; 0 时 y = λ·x，否则 y = λ·α·(eˣ − 1)，其中 λ ≈ 1.0507，α ≈ 1.6733。</translation>
    </message>
    <message>
      <source>Set padding to same</source>
      <translation>把填充设为 same</translation>
    </message>
    <message>
      <source>Set {rows} rows and {rows} columns</source>
      <translation>设为 {rows} 行 {rows} 列</translation>
    </message>
    <message>
      <source>Set {units} units</source>
      <translation>设为 {units} 个单元</translation>
    </message>
    <message>
      <source>Shape</source>
      <translation>形状</translation>
    </message>
    <message>
      <source>Shift</source>
      <translation>平移</translation>
    </message>
    <message>
      <source>SiLU</source>
      <translation>SiLU</translation>
    </message>
    <message>
      <source>Sigmoid</source>
      <translation>Sigmoid</translation>
    </message>
    <message>
      <source>Sigmoid linear unit (swish): y = x·σ(x). Like a smooth ReLU that dips a little below 0 first.</source>
      <translation>Sigmoid 线性单元（swish）：y = x·σ(x)。像平滑的 ReLU，先略低于 0。</translation>
    </message>
    <message>
      <source>Slides small kernels over the image; each filter gives one feature map.</source>
      <translation>用小卷积核在图像上滑动；每个卷积核给出一个特征图。</translation>
    </message>
    <message>
      <source>Slope α</source>
      <translation>斜率 α</translation>
    </message>
    <message>
      <source>Small VGG</source>
      <translation>小型 VGG</translation>
    </message>
    <message>
      <source>So much of the true class's probability is spread over all: answers get less sure.</source>
      <translation>把真实类别概率的这一部分分给所有类别：回答不再那么绝对。</translation>
    </message>
    <message>
      <source>Softmax</source>
      <translation>Softmax</translation>
    </message>
    <message>
      <source>Softmax needs one number per class, but {given} arrives.</source>
      <translation>Softmax 需要每个类别一个数，但到来的是 {given}。</translation>
    </message>
    <message>
      <source>Softplus</source>
      <translation>Softplus</translation>
    </message>
    <message>
      <source>Softplus: y = ln(1 + eˣ), ReLU without the corner. Its slope is the sigmoid of x (Dugas et al. 2001).</source>
      <translation>Softplus：y = ln(1 + eˣ)，没有折角的 ReLU。它的斜率是 x 的 Sigmoid（Dugas 等，2001）。</translation>
    </message>
    <message>
      <source>Spatial dropout</source>
      <translation>空间 Dropout</translation>
    </message>
    <message>
      <source>Split it.</source>
      <translation>请把它拆分开。</translation>
    </message>
    <message>
      <source>Stacks the channels of its inputs in their order, or puts vectors behind one another.</source>
      <translation>按顺序叠放各输入的通道，或把向量首尾相接。</translation>
    </message>
    <message>
      <source>Stopped early: no progress in {waited} epochs since epoch {best}.</source>
      <translation>提前停止：自第 {best} 轮起 {waited} 轮没有进步。</translation>
    </message>
    <message>
      <source>Stopped. The weights are kept; Resume goes on from here.</source>
      <translation>已停止。权重已保留；点“继续”可从这里接着训练。</translation>
    </message>
    <message>
      <source>Stopping</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>Stops after so many epochs without a lower validation loss; 0 never does.</source>
      <translation>验证损失连续这么多轮没有降低就停止；0 表示从不。</translation>
    </message>
    <message>
      <source>Stride</source>
      <translation>步幅</translation>
    </message>
    <message>
      <source>Surrounds the image with zeros, as many on each side as given, and learns nothing.</source>
      <translation>按给定的大小在图像各边补零，不学习任何参数。</translation>
    </message>
    <message>
      <source>Tanh</source>
      <translation>Tanh</translation>
    </message>
    <message>
      <source>Test share</source>
      <translation>测试集比例</translation>
    </message>
    <message>
      <source>Testing</source>
      <translation>正在测试</translation>
    </message>
    <message>
      <source>The ONNX checker refuses the model ({detail}).</source>
      <translation>ONNX 检查器拒绝了这个模型（{detail}）。</translation>
    </message>
    <message>
      <source>The array has {given} axes, 1 is needed.</source>
      <translation>数组有 {given} 个轴，需要 1 个。</translation>
    </message>
    <message>
      <source>The array has {given} axes, {needed} are needed: N×{wanted}.</source>
      <translation>数组有 {given} 个轴，需要 {needed} 个：N×{wanted}。</translation>
    </message>
    <message>
      <source>The array is {given}.</source>
      <translation>数组是 {given}。</translation>
    </message>
    <message>
      <source>The class “{label}” has no pictures in the training folder.</source>
      <translation>类别“{label}”在训练文件夹中没有图片。</translation>
    </message>
    <message>
      <source>The deviation σ of normal, the limit a of uniform, or the constant itself.</source>
      <translation>正态分布的标准差 σ、均匀分布的界限 a，或常数本身。</translation>
    </message>
    <message>
      <source>The file is empty.</source>
      <translation>文件是空的。</translation>
    </message>
    <message>
      <source>The file may not be read.</source>
      <translation>没有读取该文件的权限。</translation>
    </message>
    <message>
      <source>The first famous convolutional network: two convolutions, three dense layers.</source>
      <translation>第一个著名的卷积网络：两个卷积层，三个全连接层。</translation>
    </message>
    <message>
      <source>The folder cannot be opened ({detail}).</source>
      <translation>无法打开文件夹（{detail}）。</translation>
    </message>
    <message>
      <source>The folder holds no pictures.</source>
      <translation>文件夹中没有图片。</translation>
    </message>
    <message>
      <source>The function applied to each output. Without one, two dense layers in a row are no more than one.</source>
      <translation>作用于每个输出的函数。没有它，连续两个全连接层与一个无异。</translation>
    </message>
    <message>
      <source>The gzip file is cut off.</source>
      <translation>gzip 文件被截断了。</translation>
    </message>
    <message>
      <source>The gzip file is damaged.</source>
      <translation>gzip 文件已损坏。</translation>
    </message>
    <message>
      <source>The images that the network reads, one value per pixel and channel.</source>
      <translation>网络读取的图像，每个像素的每个通道一个值。</translation>
    </message>
    <message>
      <source>The kernel is larger than the image.</source>
      <translation>卷积核比图像大。</translation>
    </message>
    <message>
      <source>The largest size that a gradient keeps.</source>
      <translation>梯度允许的最大值。</translation>
    </message>
    <message>
      <source>The largest value of each feature map: an image H×W×C becomes a vector of C numbers.</source>
      <translation>每个特征图的最大值：H×W×C 的图像变为 C 个数的向量。</translation>
    </message>
    <message>
      <source>The last dense layer needs one unit per class.</source>
      <translation>最后一个全连接层需要每个类别一个单元。</translation>
    </message>
    <message>
      <source>The loss compares a probability with yes or no.</source>
      <translation>这个损失把一个概率与“是”或“否”比较。</translation>
    </message>
    <message>
      <source>The loss compares one answer with the true one.</source>
      <translation>损失把一个答案与正确答案相比较。</translation>
    </message>
    <message>
      <source>The loss compares probabilities, one per class, with the true class.</source>
      <translation>损失把各类别的概率与真实类别相比较。</translation>
    </message>
    <message>
      <source>The mean of each feature map: an image H×W×C becomes a vector of C numbers.</source>
      <translation>每个特征图的平均值：H×W×C 的图像变为 C 个数的向量。</translation>
    </message>
    <message>
      <source>The network does not read images.</source>
      <translation>这个网络不读取图像。</translation>
    </message>
    <message>
      <source>The network has changed, so training has stopped.</source>
      <translation>网络已更改，训练已停止。</translation>
    </message>
    <message>
      <source>The network has no output layer.</source>
      <translation>网络没有输出层。</translation>
    </message>
    <message>
      <source>The network has no such weights.</source>
      <translation>网络没有这样的权重。</translation>
    </message>
    <message>
      <source>The network has not been trained, so there is no model to export.</source>
      <translation>网络尚未训练，没有可导出的模型。</translation>
    </message>
    <message>
      <source>The network is empty.</source>
      <translation>网络是空的。</translation>
    </message>
    <message>
      <source>The network must end in one number per class.</source>
      <translation>网络必须以每个类别一个数结束。</translation>
    </message>
    <message>
      <source>The network reads {wanted}, but the images are {given}.</source>
      <translation>网络读取 {wanted}，但图像是 {given}。</translation>
    </message>
    <message>
      <source>The output layer ends the network; the loss reads it and nothing else.</source>
      <translation>输出层是网络的终点；只有损失读取它。</translation>
    </message>
    <message>
      <source>The picture has more than the {limit} million pixels allowed.</source>
      <translation>图片超过允许的 {limit} 百万像素。</translation>
    </message>
    <message>
      <source>The picture has {width}×{height} pixels, more than the {limit} million allowed.</source>
      <translation>图片有 {width}×{height} 像素，超过允许的 {limit} 百万像素。</translation>
    </message>
    <message>
      <source>The picture is cut off: the file ends before its last pixels.</source>
      <translation>图片被截断了：文件在最后的像素之前就结束了。</translation>
    </message>
    <message>
      <source>The picture is damaged ({detail}).</source>
      <translation>图片已损坏（{detail}）。</translation>
    </message>
    <message>
      <source>The pooling window is larger than the image.</source>
      <translation>池化窗口比图像大。</translation>
    </message>
    <message>
      <source>The program's own resources (icons, translations) are missing.</source>
      <translation>缺少程序自带的资源（图标、翻译）。</translation>
    </message>
    <message>
      <source>The project cannot be kept in a file ({detail}).</source>
      <translation>项目无法存入文件（{detail}）。</translation>
    </message>
    <message>
      <source>The rule of descent. Momentum rolls on in its direction, Adam also gives each weight a step of its own.</source>
      <translation>下降的规则。动量法沿原方向继续滚动，Adam 还为每个权重分别确定步长。</translation>
    </message>
    <message>
      <source>The same twenty layers with a shortcut around each: now the gradients arrive.</source>
      <translation>同样的二十层，每层加一条捷径：梯度就能传到了。</translation>
    </message>
    <message>
      <source>The share of channels set to 0 in each step, drawn for each image.</source>
      <translation>每一步置为 0 的通道比例，对每张图像分别抽取。</translation>
    </message>
    <message>
      <source>The share of the last step that is kept: v ← m·v + g, w ← w − η·v. In Adam β₁.</source>
      <translation>保留上一步的比例：v ← m·v + g，w ← w − η·v。在 Adam 中是 β₁。</translation>
    </message>
    <message>
      <source>The share of the newest batch in the running averages.</source>
      <translation>最新一个批次在滑动平均中所占的比例。</translation>
    </message>
    <message>
      <source>The share of the running mean of g² that is kept: β₂ in Adam.</source>
      <translation>g² 的滑动平均所保留的比例：Adam 中的 β₂。</translation>
    </message>
    <message>
      <source>The share of values set to 0 in each step.</source>
      <translation>每一步中置为 0 的值的比例。</translation>
    </message>
    <message>
      <source>The slope where x is negative; 0 makes it ReLU.</source>
      <translation>x 为负时的斜率；取 0 就是 ReLU。</translation>
    </message>
    <message>
      <source>The weights are {given}, the network needs {wanted}.</source>
      <translation>权重是 {given}，网络需要 {wanted}。</translation>
    </message>
    <message>
      <source>The weights lack it.</source>
      <translation>权重中缺少它。</translation>
    </message>
    <message>
      <source>The weights of epoch {best} are kept, the best.</source>
      <translation>保留最佳的第 {best} 轮的权重。</translation>
    </message>
    <message>
      <source>The weights take 2 GiB or more, which one ONNX file cannot hold.</source>
      <translation>权重达到 2 GiB 或更多，一个 ONNX 文件放不下。</translation>
    </message>
    <message>
      <source>The weights {name} are no longer finite numbers.</source>
      <translation>权重 {name} 不再是有限的数。</translation>
    </message>
    <message>
      <source>The wire has lost its beginning.</source>
      <translation>连线失去了起点。</translation>
    </message>
    <message>
      <source>Then press Resume. If it stops again at once, the weights themselves have grown too large: choose Train ▸ Start afresh.</source>
      <translation>然后点“继续”。如果马上又停下，说明权重本身已经过大：请选择“训练 ▸ 重新开始”。</translation>
    </message>
    <message>
      <source>There are none.</source>
      <translation>一张也没有。</translation>
    </message>
    <message>
      <source>There are {labels} labels for {images} images.</source>
      <translation>{images} 张图像有 {labels} 个标签。</translation>
    </message>
    <message>
      <source>There is no activation of this name.</source>
      <translation>没有这个名称的激活函数。</translation>
    </message>
    <message>
      <source>There is no file “{name}”.</source>
      <translation>没有文件“{name}”。</translation>
    </message>
    <message>
      <source>There is no images file beside these labels.</source>
      <translation>这些标签旁边没有图像文件。</translation>
    </message>
    <message>
      <source>There is no labels file beside it.</source>
      <translation>它旁边没有标签文件。</translation>
    </message>
    <message>
      <source>There is no layer of this name.</source>
      <translation>没有这个名称的层。</translation>
    </message>
    <message>
      <source>There is no such file or folder.</source>
      <translation>没有这样的文件或文件夹。</translation>
    </message>
    <message>
      <source>There is no such file.</source>
      <translation>没有这样的文件。</translation>
    </message>
    <message>
      <source>There is no template of this name.</source>
      <translation>没有这个名称的模板。</translation>
    </message>
    <message>
      <source>There is not enough memory for it ({detail}).</source>
      <translation>内存不足（{detail}）。</translation>
    </message>
    <message>
      <source>They are given as {kind}, not by name.</source>
      <translation>它们以 {kind} 的形式给出，而不是按名称。</translation>
    </message>
    <message>
      <source>They are {given} {kind}, the network reads {wanted} pixels of 0 to 255.</source>
      <translation>它们是 {given} {kind}，网络读取 {wanted} 的 0 到 255 的像素。</translation>
    </message>
    <message>
      <source>They are {given}, the network reads {wanted}.</source>
      <translation>它们是 {given}，网络读取 {wanted}。</translation>
    </message>
    <message>
      <source>They are {kind}, not whole numbers.</source>
      <translation>它们是 {kind}，不是整数。</translation>
    </message>
    <message>
      <source>They run from {low} to {high}.</source>
      <translation>它们从 {low} 到 {high}。</translation>
    </message>
    <message>
      <source>This layer needs another input.</source>
      <translation>这一层还缺一个输入。</translation>
    </message>
    <message>
      <source>This layer waits for its own output.</source>
      <translation>这一层在等待它自己的输出。</translation>
    </message>
    <message>
      <source>This setting takes effect when training starts afresh.</source>
      <translation>这项设置在重新开始训练时生效。</translation>
    </message>
    <message>
      <source>This version knows: {names}.</source>
      <translation>此版本认识：{names}。</translation>
    </message>
    <message>
      <source>Threads</source>
      <translation>线程</translation>
    </message>
    <message>
      <source>Three residual blocks with batch normalisation: shortcuts let gradients through.</source>
      <translation>三个带批量归一化的残差块：捷径让梯度通过。</translation>
    </message>
    <message>
      <source>Tidy up</source>
      <translation>整理</translation>
    </message>
    <message>
      <source>Too many wires lead into this layer.</source>
      <translation>进入这一层的连线太多。</translation>
    </message>
    <message>
      <source>Top</source>
      <translation>上</translation>
    </message>
    <message>
      <source>Train again with a smaller learning rate.</source>
      <translation>请用更小的学习率重新训练。</translation>
    </message>
    <message>
      <source>Train first.</source>
      <translation>请先训练。</translation>
    </message>
    <message>
      <source>Train on the images that it was begun with, or from the beginning.</source>
      <translation>请用它开始时的图像继续训练，或从头开始训练。</translation>
    </message>
    <message>
      <source>Training is finished.</source>
      <translation>训练完成。</translation>
    </message>
    <message>
      <source>Training starts afresh, from new weights.</source>
      <translation>以新的权重重新开始训练。</translation>
    </message>
    <message>
      <source>Training was stopped</source>
      <translation>训练已停止</translation>
    </message>
    <message>
      <source>Transposed convolution</source>
      <translation>转置卷积</translation>
    </message>
    <message>
      <source>Turned by up to so many degrees.</source>
      <translation>最多旋转这么多度。</translation>
    </message>
    <message>
      <source>Turns the last layer's numbers (logits) into probabilities: pᵢ = e^zᵢ / Σ e^zⱼ.</source>
      <translation>把最后一层的数（logits）变成概率：pᵢ = e^zᵢ / Σ e^zⱼ。</translation>
    </message>
    <message>
      <source>Twenty dense layers with sigmoid: watch the gradients vanish on their way down.</source>
      <translation>二十个带 sigmoid 的全连接层：观察梯度在向下传播时如何消失。</translation>
    </message>
    <message>
      <source>Two hidden dense layers of 512 and 256 units with dropout.</source>
      <translation>两个隐藏的全连接层，512 和 256 个单元，带 Dropout。</translation>
    </message>
    <message>
      <source>Two layers are both called {id}.</source>
      <translation>有两个层都叫 {id}。</translation>
    </message>
    <message>
      <source>Undo the last change and save again.</source>
      <translation>请撤销上一次更改，再保存。</translation>
    </message>
    <message>
      <source>Units</source>
      <translation>单元</translation>
    </message>
    <message>
      <source>Up to this share of the sides is cut off, and the rest enlarged.</source>
      <translation>最多从各边裁去这一比例，再把其余部分放大。</translation>
    </message>
    <message>
      <source>Upsampling</source>
      <translation>上采样</translation>
    </message>
    <message>
      <source>Use MNIST's IDX files as they are published.</source>
      <translation>请使用原样发布的 MNIST IDX 文件。</translation>
    </message>
    <message>
      <source>Use PNG, JPEG, BMP, GIF, WebP or TIFF pictures.</source>
      <translation>请使用 PNG、JPEG、BMP、GIF、WebP 或 TIFF 图片。</translation>
    </message>
    <message>
      <source>Use a data set of two classes or more.</source>
      <translation>请使用有两个或更多类别的数据集。</translation>
    </message>
    <message>
      <source>Use images of those classes, or train the network on these.</source>
      <translation>请使用这些类别的图像，或用这些图像训练网络。</translation>
    </message>
    <message>
      <source>Use kernel {kernel}</source>
      <translation>使用卷积核 {kernel}</translation>
    </message>
    <message>
      <source>Use smaller images, batches or layers.</source>
      <translation>请使用更小的图像、批次或层。</translation>
    </message>
    <message>
      <source>Use the labels file that belongs to these images.</source>
      <translation>请使用属于这些图像的标签文件。</translation>
    </message>
    <message>
      <source>Use window {window}</source>
      <translation>使用窗口 {window}</translation>
    </message>
    <message>
      <source>Use {filters} filters</source>
      <translation>使用 {filters} 个卷积核</translation>
    </message>
    <message>
      <source>Use {groups} groups</source>
      <translation>使用 {groups} 组</translation>
    </message>
    <message>
      <source>Validation share</source>
      <translation>验证集比例</translation>
    </message>
    <message>
      <source>Validation {validation} and test {test} leave nothing to train on.</source>
      <translation>验证 {validation} 和测试 {test} 之后没有可训练的图像。</translation>
    </message>
    <message>
      <source>Warm-up</source>
      <translation>预热</translation>
    </message>
    <message>
      <source>Weight decay</source>
      <translation>权重衰减</translation>
    </message>
    <message>
      <source>What the learning rate is multiplied by.</source>
      <translation>学习率乘以的系数。</translation>
    </message>
    <message>
      <source>What training makes small. automatic: cross-entropy behind Softmax, binary cross-entropy behind Sigmoid, mean squared error where a single output meets classes that are numbers.</source>
      <translation>训练要减小的量。自动：Softmax 之后用交叉熵，Sigmoid 之后用二元交叉熵，单个输出对应数值类别时用均方误差。</translation>
    </message>
    <message>
      <source>Window</source>
      <translation>窗口</translation>
    </message>
    <message>
      <source>Wires must not form a circle: a network is computed from the input to the output.</source>
      <translation>连线不能形成环路：网络从输入计算到输出。</translation>
    </message>
    <message>
      <source>Xavier, normal</source>
      <translation>Xavier，正态</translation>
    </message>
    <message>
      <source>Xavier, uniform</source>
      <translation>Xavier，均匀</translation>
    </message>
    <message>
      <source>Zero padding</source>
      <translation>零填充</translation>
    </message>
    <message>
      <source>a number</source>
      <translation>一个数</translation>
    </message>
    <message>
      <source>a whole number</source>
      <translation>一个整数</translation>
    </message>
    <message>
      <source>automatic</source>
      <translation>自动</translation>
    </message>
    <message>
      <source>balanced</source>
      <translation>均衡</translation>
    </message>
    <message>
      <source>balanced: images of rare classes count more, so that all classes count alike.</source>
      <translation>均衡：稀少类别的图像权重更大，使所有类别同样重要。</translation>
    </message>
    <message>
      <source>batches</source>
      <translation>批</translation>
    </message>
    <message>
      <source>bilinear</source>
      <translation>双线性</translation>
    </message>
    <message>
      <source>binary cross-entropy</source>
      <translation>二元交叉熵</translation>
    </message>
    <message>
      <source>by global norm</source>
      <translation>按全局范数</translation>
    </message>
    <message>
      <source>by norm</source>
      <translation>按范数</translation>
    </message>
    <message>
      <source>by value</source>
      <translation>按值</translation>
    </message>
    <message>
      <source>cannot draw {count} images.</source>
      <translation>无法画出 {count} 张图像。</translation>
    </message>
    <message>
      <source>colour</source>
      <translation>彩色</translation>
    </message>
    <message>
      <source>constant</source>
      <translation>恒定</translation>
    </message>
    <message>
      <source>cosine</source>
      <translation>余弦</translation>
    </message>
    <message>
      <source>cosine: the learning rate falls smoothly to 0 by the last epoch, which steadies the end. constant: it stays. step: times γ every few epochs. exponential: the same, smoothly. on plateau: times γ when the loss stops falling.</source>
      <translation>余弦：学习率到最后一轮平滑降为 0，使结尾平稳。恒定：保持不变。阶梯：每隔几轮乘以 γ。指数：同样但平滑。停滞时：损失不再下降时乘以 γ。</translation>
    </message>
    <message>
      <source>cross-entropy</source>
      <translation>交叉熵</translation>
    </message>
    <message>
      <source>epochs</source>
      <translation>轮</translation>
    </message>
    <message>
      <source>explicit</source>
      <translation>explicit</translation>
    </message>
    <message>
      <source>exponential</source>
      <translation>指数</translation>
    </message>
    <message>
      <source>grey</source>
      <translation>灰度</translation>
    </message>
    <message>
      <source>hinge</source>
      <translation>合页损失</translation>
    </message>
    <message>
      <source>images</source>
      <translation>张图像</translation>
    </message>
    <message>
      <source>labels</source>
      <translation>标签</translation>
    </message>
    <message>
      <source>mean absolute error</source>
      <translation>平均绝对误差</translation>
    </message>
    <message>
      <source>mean squared error</source>
      <translation>均方误差</translation>
    </message>
    <message>
      <source>nearest</source>
      <translation>最近邻</translation>
    </message>
    <message>
      <source>nearest: every pixel is repeated. bilinear: in between, neighbours are blended.</source>
      <translation>最近邻：重复每个像素。双线性：中间的像素由相邻像素混合而成。</translation>
    </message>
    <message>
      <source>none</source>
      <translation>无</translation>
    </message>
    <message>
      <source>normal, σ</source>
      <translation>正态，σ</translation>
    </message>
    <message>
      <source>on plateau</source>
      <translation>停滞时</translation>
    </message>
    <message>
      <source>one whole number, or two</source>
      <translation>一个整数，或两个整数</translation>
    </message>
    <message>
      <source>orthogonal</source>
      <translation>正交</translation>
    </message>
    <message>
      <source>px</source>
      <translation>px</translation>
    </message>
    <message>
      <source>same</source>
      <translation>same</translation>
    </message>
    <message>
      <source>step</source>
      <translation>阶梯</translation>
    </message>
    <message>
      <source>step and exponential: after so many epochs the factor has come in once. on plateau: after so many epochs without progress.</source>
      <translation>阶梯与指数：每过这么多轮乘一次系数。停滞时：这么多轮没有进步之后。</translation>
    </message>
    <message>
      <source>the loss</source>
      <translation>损失</translation>
    </message>
    <message>
      <source>the seed is {seed}, below 0.</source>
      <translation>种子是 {seed}，小于 0。</translation>
    </message>
    <message>
      <source>true or false</source>
      <translation>真或假</translation>
    </message>
    <message>
      <source>uniform, ±a</source>
      <translation>均匀，±a</translation>
    </message>
    <message>
      <source>valid</source>
      <translation>valid</translation>
    </message>
    <message>
      <source>valid: all that the kernels reach comes out. same: the size times the stride comes out.</source>
      <translation>valid：输出卷积核所及的全部范围。same：输出大小为输入大小乘以步幅。</translation>
    </message>
    <message>
      <source>valid: the window stays inside the image. same: it also starts where it is not filled. explicit: it may reach out on each side as far as given.</source>
      <translation>valid：窗口不超出图像。same：未填满的位置也算一个窗口。explicit：窗口在每一侧可以超出给定的大小。</translation>
    </message>
    <message>
      <source>valid: the window stays inside the image. same: zeros around it keep the size. explicit: as many zeros on each side as given.</source>
      <translation>valid：窗口不超出图像。same：四周补零以保持大小。explicit：每一侧按给定的数量补零。</translation>
    </message>
    <message>
      <source>y = x₁ + x₂ + …: number by number, so all inputs have the same shape.</source>
      <translation>y = x₁ + x₂ + …：逐个数值相加，所以所有输入的形状相同。</translation>
    </message>
    <message>
      <source>y = x₁ · x₂ · …: number by number, so all inputs have the same shape.</source>
      <translation>y = x₁ · x₂ · …：逐个数值相乘，所以所有输入的形状相同。</translation>
    </message>
    <message>
      <source>zeros</source>
      <translation>零</translation>
    </message>
    <message>
      <source>{channels} channels and {filters} filters cannot be divided into {groups} groups.</source>
      <translation>{channels} 个通道和 {filters} 个卷积核不能分成 {groups} 组。</translation>
    </message>
    <message>
      <source>{channels} channels are not possible.</source>
      <translation>不可能有 {channels} 个通道。</translation>
    </message>
    <message>
      <source>{count} at once need {needed} MB of memory, and {free} MB are free.</source>
      <translation>一次计算 {count} 张需要 {needed} MB 内存，而空闲的只有 {free} MB。</translation>
    </message>
    <message>
      <source>{count} images of {height}×{width}×{channels} take {size} GiB, more than the {limit} GiB allowed.</source>
      <translation>{count} 张 {height}×{width}×{channels} 的图像占 {size} GiB，超过允许的 {limit} GiB。</translation>
    </message>
    <message>
      <source>{count} is out of range.</source>
      <translation>{count} 超出范围。</translation>
    </message>
    <message>
      <source>{count} more classes</source>
      <translation>另有 {count} 个类别</translation>
    </message>
    <message>
      <source>{digit} is not a digit.</source>
      <translation>{digit} 不是数字。</translation>
    </message>
    <message>
      <source>{height}×{width} is out of range.</source>
      <translation>{height}×{width} 超出范围。</translation>
    </message>
    <message>
      <source>{kernel} &gt; {size}, so the output would be {out} {unit} wide.</source>
      <translation>{kernel} &gt; {size}，所以输出的宽度会是 {out} {unit}。</translation>
    </message>
    <message>
      <source>{layer} at the end does not go with {loss}.</source>
      <translation>末尾的 {layer} 与{loss}不相配。</translation>
    </message>
    <message>
      <source>{layer} needs an image, but {given} numbers arrive.</source>
      <translation>{layer}需要图像，但到来的是 {given} 个数。</translation>
    </message>
    <message>
      <source>{layer} needs inputs of one shape, but {shapes} arrive.</source>
      <translation>{layer}要求所有输入形状相同，但输入是 {shapes}。</translation>
    </message>
    <message>
      <source>{names} are not distinct names.</source>
      <translation>{names} 不是互不相同的名称。</translation>
    </message>
    <message>
      <source>{seed} is out of range.</source>
      <translation>{seed} 超出范围。</translation>
    </message>
    <message>
      <source>{size} numbers do not fill an image of {rows}×{columns} pixels evenly.</source>
      <translation>{size} 个数值不能恰好填满 {rows}×{columns} 像素的图像。</translation>
    </message>
    <message>
      <source>{values} is not a list of numbers.</source>
      <translation>{values} 不是一列数。</translation>
    </message>
    <message>
      <source>{value} does not fit.</source>
      <translation>{value} 不合适。</translation>
    </message>
    <message>
      <source>{value} is no layer.</source>
      <translation>{value} 不是层。</translation>
    </message>
    <message>
      <source>{value} is not one of the choices.</source>
      <translation>{value} 不在可选项之中。</translation>
    </message>
    <message>
      <source>{value} is out of range.</source>
      <translation>{value} 超出范围。</translation>
    </message>
    <message>
      <source>λ: shrinks every weight a little at each step, which keeps the network simple.</source>
      <translation>λ：每一步都使所有权重略微缩小，使网络保持简单。</translation>
    </message>
    <message>
      <source>“{label}” is not a finite number, as the others are.</source>
      <translation>“{label}”不是有限的数，而其他标签都是。</translation>
    </message>
    <message>
      <source>“{name}” lies outside the folder.</source>
      <translation>“{name}”在文件夹之外。</translation>
    </message>
  </context>
  <context>
    <name>editor</name>
    <message>
      <source> by </source>
      <translation> 乘 </translation>
    </message>
    <message>
      <source>Multiply-adds</source>
      <translation>乘加次数</translation>
    </message>
    <message>
      <source>Parameters</source>
      <translation>参数</translation>
    </message>
    <message>
      <source>Share</source>
      <translation>占比</translation>
    </message>
    <message>
      <source>Update ratio</source>
      <translation>更新比</translation>
    </message>
    <message>
      <source>Values out</source>
      <translation>输出个数</translation>
    </message>
    <message>
      <source>colour</source>
      <translation>彩色</translation>
    </message>
    <message>
      <source>grey</source>
      <translation>灰度</translation>
    </message>
    <message>
      <source>has a problem</source>
      <translation>有问题</translation>
    </message>
    <message>
      <source>no problems</source>
      <translation>没有问题</translation>
    </message>
    <message>
      <source>output unknown</source>
      <translation>输出未知</translation>
    </message>
    <message>
      <source>output {size}</source>
      <translation>输出 {size}</translation>
    </message>
    <message>
      <source>waits for a shape</source>
      <translation>在等待形状</translation>
    </message>
    <message>
      <source>{count} classes</source>
      <translation>{count} 个类别</translation>
    </message>
    <message>
      <source>{name} {place} of {count}, {output}, {health}</source>
      <translation>{name}，第 {place} 层，共 {count} 层，{output}，{health}</translation>
    </message>
  </context>
</TS>
